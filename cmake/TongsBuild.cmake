# How every target of Tongs is compiled. Nothing here touches a project that uses Tongs as a subdirectory.

add_library(tongs_options INTERFACE)
target_compile_features(tongs_options INTERFACE cxx_std_20)
target_compile_options(tongs_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(tongs_options INTERFACE -fcoroutines)
  # g++ 12 reports these two inside its own <string> and <optional> once it optimises.
  target_compile_options(tongs_options INTERFACE
                         $<$<CONFIG:Release>:-Wno-restrict> $<$<CONFIG:Release>:-Wno-maybe-uninitialized>)
  # Position-independent code may inline its own functions, as clang's does without being told.
  target_compile_options(tongs_options INTERFACE -fno-semantic-interposition)
  if(TONGS_SANITIZE)
    target_compile_options(tongs_options INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # std::stable_sort of libstdc++ 12 uses what libstdc++ 12 calls deprecated.
  target_compile_options(tongs_options INTERFACE -Wno-deprecated-declarations)
endif()
if(TONGS_SANITIZE)
  target_compile_options(tongs_options INTERFACE -fsanitize=${TONGS_SANITIZE} -fno-omit-frame-pointer
                         -fno-sanitize-recover=all)
  target_link_options(tongs_options INTERFACE -fsanitize=${TONGS_SANITIZE})
  if(TONGS_SANITIZE MATCHES "thread")
    # ThreadSanitizer does not understand fences; Asio's are of no use beside its locks.
    target_compile_definitions(tongs_options INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()
if(TONGS_BUILD_FUZZERS)
  # Coverage of the libraries, by which the fuzzer steers. Its main comes with the fuzz targets only.
  target_compile_options(tongs_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(tongs_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Coroutines nest: Asio keeps this many of their frames for the next ones, where two would be its default.
target_compile_definitions(tongs_options INTERFACE BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=8)

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_EXTENSIONS OFF)
  find_program(TONGS_CCACHE ccache)
  if(TONGS_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # The same text compiled in another checkout is the same object.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_CURRENT_SOURCE_DIR}
                                    CCACHE_NOHASHDIR=1 ${TONGS_CCACHE})
  endif()
  find_program(TONGS_MOLD mold)
  if(TONGS_MOLD)
    # What the compiler holds for unlikely goes to pages of its own, which then need not be in memory.
    add_link_options(-fuse-ld=mold -Wl,-z,keep-text-section-prefix)
  endif()
endif()

# tongs_library(NAME [SOURCES …] [HEADERS …] [PUBLIC …] [PRIVATE …] [INTERNAL])
# A library of the SDK: `tongs::NAME`, installed, its public headers checked one by one. INTERNAL: a part of our own
# programs, neither installed nor promised.
function(tongs_library name)
  cmake_parse_arguments(ARG "INTERNAL" "" "SOURCES;HEADERS;PUBLIC;PRIVATE" ${ARGN})
  set(target tongs_${name})
  add_library(${target} ${ARG_SOURCES})
  add_library(tongs::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON
                        VERIFY_INTERFACE_HEADER_SETS ${TONGS_BUILD_TESTS})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${target} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} $<BUILD_INTERFACE:tongs_options>)
  if(ARG_INTERNAL)
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
    return()
  endif()
  list(TRANSFORM ARG_HEADERS PREPEND ${PROJECT_SOURCE_DIR}/include/)
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${ARG_HEADERS})
  set_property(GLOBAL APPEND PROPERTY TONGS_INSTALLED_TARGETS ${target})
endfunction()
