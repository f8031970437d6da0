const char *query = "SELECT count(*)"
                    " FROM need";
