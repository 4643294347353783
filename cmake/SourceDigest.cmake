# cmake -DROOT=... "-DFOLDERS=src/host/base|..." -DOUTPUT=x.cpp -P SourceDigest.cmake
# A digest of the source text that compiles plans: what a cache keeps is that compiler's, not merely that version's.
string(REPLACE "|" ";" folders "${FOLDERS}")
set(all "")
foreach(folder IN LISTS folders)
  file(GLOB_RECURSE sources RELATIVE ${ROOT} ${ROOT}/${folder}/*.cpp ${ROOT}/${folder}/*.h ${ROOT}/${folder}/*.def
       ${ROOT}/${folder}/*.cuh)
  foreach(source IN LISTS sources)
    file(SHA256 ${ROOT}/${source} digest)
    string(APPEND all "${source} ${digest}\n")
  endforeach()
endforeach()
string(SHA256 digest "${all}")
file(WRITE ${OUTPUT} "#include \"host/plan/forms.h\"\n\n"
  "const char* const monograph::plan::kCompilerIdentity =\n    \"${digest}\";\n")
