# cmake -D PARTS=FILE;… -D OUTPUT=FILE -D HEADER=PATH -D NAMESPACE=NAME -D FUNCTION=NAME -P embed.cmake: the files as strings, by
# their names, from the function that the header declares.
set(source "#include \"${HEADER}\"\n\n#include <stdexcept>\n\nnamespace ${NAMESPACE} {\n\n")
string(APPEND source "std::string_view ${FUNCTION}(std::string_view name) {\n")
foreach(file IN LISTS PARTS)
  get_filename_component(name ${file} NAME)
  file(READ ${file} text)
  string(APPEND source "  if (name == \"${name}\") return R\"benign_part(${text})benign_part\";\n")
endforeach()
string(APPEND source "  throw std::logic_error(\"the program carries no file of that name\");\n}\n\n}  // namespace ${NAMESPACE}\n")
file(WRITE ${OUTPUT} "${source}")
