include(CMakePackageConfigHelpers)

get_property(targets GLOBAL PROPERTY TONGS_INSTALLED_TARGETS)
foreach(target IN LISTS targets)
  get_target_property(generated ${target} HEADER_SET_generated)
  if(generated)
    install(TARGETS ${target} EXPORT tongsTargets FILE_SET HEADERS FILE_SET generated)
  else()
    install(TARGETS ${target} EXPORT tongsTargets FILE_SET HEADERS)
  endif()
endforeach()
install(EXPORT tongsTargets NAMESPACE tongs:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tongs)
if(TARGET tongs)
  install(TARGETS tongs)
endif()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/tongsConfig.cmake.in ${PROJECT_BINARY_DIR}/tongsConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tongs)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tongsConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/tongsConfig.cmake ${PROJECT_BINARY_DIR}/tongsConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/tongs)
