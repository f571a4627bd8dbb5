"""Between records and the core: classes that take an `env`; no models, no HTTP of their own."""
