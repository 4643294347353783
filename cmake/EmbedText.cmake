# cmake -DTEXTS=a|b -DROOT=folder -DOUTPUT=out.cpp -P EmbedText.cmake
# Writes a C++ file that holds each text under its path relative to ROOT (see host/codegen/embedded_text.h).
string(REPLACE "|" ";" TEXTS "${TEXTS}")
set(entries "")
foreach(text IN LISTS TEXTS)
  file(READ "${text}" content)
  file(RELATIVE_PATH name "${ROOT}" "${text}")
  string(FIND "${content}" ")MG_TEXT\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${text} contains the delimiter of its own string")
  endif()
  string(APPEND entries "    {\"${name}\", R\"MG_TEXT(${content})MG_TEXT\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Generated from the files named below.
#include \"host/codegen/embedded_text.h\"

namespace monograph::codegen {
namespace {
constexpr EmbeddedText kTexts[] = {
${entries}};
}  // namespace

std::span<const EmbeddedText> embedded_texts() { return kTexts; }

}  // namespace monograph::codegen
")
