//! Test kit: generators, the generated-session kill loop, reference models.
