-- Our own schema, which the migrations fill.
CREATE SCHEMA sallyport;
