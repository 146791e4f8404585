"""The service as its callers see it: under uvicorn, beside a real sallyport, Postgres and Redis."""
