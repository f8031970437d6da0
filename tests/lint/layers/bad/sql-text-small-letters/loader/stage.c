const char *query = "insert into patent "
                    "values ($1)";
