// What ThreadSanitizer leaves out, compiled into every program of that build: GDAL, PROJ and GEOS
// are not instrumented, so their own locking cannot be judged.
extern "C" const char* __tsan_default_options() {
  return "ignore_noninstrumented_modules=1";
}

// GDAL takes two of its own mutexes in both orders while it registers drivers; ours is done once,
// under std::call_once (libgeo/io/open.cpp).
extern "C" const char* __tsan_default_suppressions() {
  return "deadlock:libgdal.so\n";
}
