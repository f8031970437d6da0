/* commands.h - every command of `patbridge`; how they look is said in app.h. */
#pragma once
#include "service/cli/app.h"

int command_migrate(struct app *app, int argc, char **argv, GError **error);
int command_load(struct app *app, int argc, char **argv, GError **error);
int command_template(struct app *app, int argc, char **argv, GError **error);
int command_mapping(struct app *app, int argc, char **argv, GError **error);
int command_show(struct app *app, int argc, char **argv, GError **error);
int command_match(struct app *app, int argc, char **argv, GError **error);
int command_leads(struct app *app, int argc, char **argv, GError **error);
int command_lead(struct app *app, int argc, char **argv, GError **error);
int command_push(struct app *app, int argc, char **argv, GError **error);
int command_feedback(struct app *app, int argc, char **argv, GError **error);
int command_bounce(struct app *app, int argc, char **argv, GError **error);
int command_deal(struct app *app, int argc, char **argv, GError **error);
int command_doctor(struct app *app, int argc, char **argv, GError **error);
int command_endpoint(struct app *app, int argc, char **argv, GError **error);
int command_oddities(struct app *app, int argc, char **argv, GError **error);
int command_policy(struct app *app, int argc, char **argv, GError **error);
int command_track(struct app *app, int argc, char **argv, GError **error);
int command_changes(struct app *app, int argc, char **argv, GError **error);
int command_charts(struct app *app, int argc, char **argv, GError **error);
int command_decide(struct app *app, int argc, char **argv, GError **error);
int command_snapshot(struct app *app, int argc, char **argv, GError **error);
int command_verify(struct app *app, int argc, char **argv, GError **error);
int command_attach(struct app *app, int argc, char **argv, GError **error);
int command_export(struct app *app, int argc, char **argv, GError **error);
int command_erase(struct app *app, int argc, char **argv, GError **error);
int command_user(struct app *app, int argc, char **argv, GError **error);
int command_agency(struct app *app, int argc, char **argv, GError **error);
int command_feed(struct app *app, int argc, char **argv, GError **error);
int command_key(struct app *app, int argc, char **argv, GError **error);
int command_backup(struct app *app, int argc, char **argv, GError **error);
int command_restore(struct app *app, int argc, char **argv, GError **error);
int command_serve(struct app *app, int argc, char **argv, GError **error);
int command_eval(struct app *app, int argc, char **argv, GError **error);
int command_classify(struct app *app, int argc, char **argv, GError **error);
int command_train(struct app *app, int argc, char **argv, GError **error);
