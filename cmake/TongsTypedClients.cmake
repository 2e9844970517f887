# The typed clients: headers and sources that tools/apigen makes of the catalogs in api/. Which files that are is known
# before they are made: api/generated-files.txt.

set(TONGS_GENERATED ${PROJECT_BINARY_DIR}/generated)
set(generated_list ${PROJECT_SOURCE_DIR}/api/generated-files.txt)
set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${generated_list})
file(STRINGS ${generated_list} TONGS_GENERATED_FILES)
list(TRANSFORM TONGS_GENERATED_FILES PREPEND ${TONGS_GENERATED}/ OUTPUT_VARIABLE outputs)
file(GLOB catalogs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/api/*.json ${PROJECT_SOURCE_DIR}/api/hand/*.json)
set(stamp ${TONGS_GENERATED}/stamp)

# Files whose text stays the same are not written, and so nothing is compiled that need not be.
add_custom_command(
  OUTPUT ${stamp} BYPRODUCTS ${outputs}
  COMMAND apigen --api ${PROJECT_SOURCE_DIR}/api --out ${TONGS_GENERATED}
  COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
  DEPENDS apigen ${catalogs} ${generated_list}
  COMMENT "Generating the typed clients" VERBATIM)
add_custom_target(typed_clients DEPENDS ${stamp})

# tongs_generated(OUT FOLDER): the generated files below this folder of TONGS_GENERATED, to be compiled in this directory.
function(tongs_generated out folder)
  set(files ${TONGS_GENERATED_FILES})
  list(FILTER files INCLUDE REGEX "^${folder}/")
  list(TRANSFORM files PREPEND ${TONGS_GENERATED}/)
  set_source_files_properties(${files} PROPERTIES GENERATED ON)
  # A megabyte of text for `tongs api` and the emulator: merged with the strings of everything else, its pages would
  # come into the memory of a gateway with them.
  set(texts ${files})
  list(FILTER texts INCLUDE REGEX "/contracts/|/operations[.]cpp$")
  set_source_files_properties(${texts} PROPERTIES COMPILE_OPTIONS $<$<CXX_COMPILER_ID:GNU>:-fno-merge-constants>)
  set(${out} ${files} PARENT_SCOPE)
endfunction()

# tongs_typed_client(NAME): the library of one product. Its headers are not checked one by one as ours are: they come
# from one mould, and there are hundreds.
function(tongs_typed_client name)
  tongs_generated(sources src/${name})
  tongs_generated(headers include/tongs/${name})
  tongs_library(${name} SOURCES ${sources} PUBLIC tongs_core)
  set(target tongs_${name})
  add_dependencies(${target} typed_clients)
  target_sources(${target} PUBLIC FILE_SET generated TYPE HEADERS BASE_DIRS ${TONGS_GENERATED}/include FILES ${headers})
  set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS OFF)
endfunction()
