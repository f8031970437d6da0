void index_open(void)
{
    g_warning("no index");
}
