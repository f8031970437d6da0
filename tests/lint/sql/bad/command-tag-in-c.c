long stored(PGresult *res)
{
    return atol(PQcmdTuples(res));
}
