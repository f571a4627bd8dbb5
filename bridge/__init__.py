"""Between records and the core: plain classes that take an `env`; no models and no HTTP of their own."""
