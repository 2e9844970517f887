# The typed clients: headers and sources that tools/apigen makes of the catalogs in api/. Which files that are is known
# before they are made: api/generated-files.txt.

set(TONGS_GENERATED ${PROJECT_BINARY_DIR}/generated)
set(generated_list ${PROJECT_SOURCE_DIR}/api/generated-files.txt)
set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${generated_list})
file(STRINGS ${generated_list} TONGS_GENERATED_FILES)
set(outputs ${TONGS_GENERATED_FILES})
list(TRANSFORM outputs PREPEND ${TONGS_GENERATED}/)
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

# tongs_typed_client(NAME): the library of one product. Its headers are not checked one by one as ours are: they come
# from one mould, and there are hundreds.
function(tongs_typed_client name)
  set(sources ${TONGS_GENERATED_FILES})
  list(FILTER sources INCLUDE REGEX "^src/${name}/")
  list(TRANSFORM sources PREPEND ${TONGS_GENERATED}/)
  set(headers ${TONGS_GENERATED_FILES})
  list(FILTER headers INCLUDE REGEX "^include/tongs/${name}/")
  list(TRANSFORM headers PREPEND ${TONGS_GENERATED}/)
  set_source_files_properties(${sources} ${headers} PROPERTIES GENERATED ON)
  tongs_library(${name} SOURCES ${sources} PUBLIC tongs_core)
  set(target tongs_${name})
  add_dependencies(${target} typed_clients)
  target_sources(${target} PUBLIC FILE_SET generated TYPE HEADERS BASE_DIRS ${TONGS_GENERATED}/include FILES ${headers})
  set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS OFF)
endfunction()
