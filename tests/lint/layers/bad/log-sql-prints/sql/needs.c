void needs_show(void)
{
    fprintf(stderr, "3 needs\n");
}
