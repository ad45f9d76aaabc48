#pragma once
// One function compiled for several instruction sets in one binary; the widest that the processor has is chosen when
// the program starts. For sources of their own, which nothing but loops over doubles is in.

// The sanitizers instrument the resolvers that choose a clone before their own runtime is up.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define BENIGN_CLONED __attribute__((target_clones("default", "avx2", "avx512f")))
#define BENIGN_TARGET(isa) __attribute__((target(isa)))
#define BENIGN_HAS_TARGETS 1
#define BENIGN_HAS(isa) __builtin_cpu_supports(isa)
#else
#define BENIGN_CLONED
#define BENIGN_TARGET(isa)
#define BENIGN_HAS(isa) false
#endif
#define BENIGN_INLINE inline __attribute__((always_inline))
