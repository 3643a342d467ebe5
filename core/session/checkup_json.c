/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/session/checkup_json.h"

#include "core/session/json_value.h"

#define CHECKUP_FORMAT "virtlens-check"
#define CHECKUP_VERSION 1

static json_t *finding_json(const struct finding *finding, enum check_id check)
{
  const struct check_row *row = check_row(check);
  json_t *object = json_object();

  json_put(object, "name", json_string(row->name));
  json_put(object, "group", json_string(check_group_title(row->group)));
  json_put(object, "title", json_string(row->title));
  json_put(object, "state", json_string(finding_state_name(finding->state)));
  json_put(object, "seen", json_text(finding->seen));
  json_put(object, "source", json_text(finding_source(finding, check)));
  json_put(object, "advice", json_text(finding->advice));
  return object;
}

json_t *checkup_json(const struct checkup *checkup, const char *version, int64_t wall_ns)
{
  json_t *object = json_object(), *checks = json_array();

  json_put(object, "format", json_string(CHECKUP_FORMAT));
  json_put(object, "version", json_integer(CHECKUP_VERSION));
  json_put(object, "virtlens", json_string(version));
  json_put(object, "time", json_time(wall_ns));
  json_put(object, "host", json_text(checkup->host));
  json_put(object, "kernel", json_text(checkup->kernel));
  json_put(object, "machine", json_text(checkup->machine));
  json_put(object, "kind", json_string(kind_row(checkup->kind)->name));
  json_put(object, "accelerated", json_boolean(checkup->accelerated));
  json_put(object, "verdict", json_text(checkup->verdict));
  for (int i = 0; i < CHECKS; i++)
    json_array_append_new(checks, finding_json(&checkup->findings[i], (enum check_id)i));
  json_put(object, "checks", checks);
  return object;
}

/* ---- the schema ---- */

static json_t *property(json_t *schema, const char *text)
{
  json_object_set_new(schema, "description", json_string(text));
  return schema;
}

static json_t *text_property(const char *text)
{
  return property(json_pack("{s:s}", "type", "string"), text);
}

/* An object that has all of PROPERTIES (taken) and nothing else. */
static json_t *closed_object(json_t *properties)
{
  json_t *names = json_array(), *value;
  const char *name;

  json_object_foreach(properties, name, value) json_array_append_new(names, json_string(name));
  return json_pack("{s:s,s:b,s:o,s:o}", "type", "object", "additionalProperties", 0, "required", names,
                   "properties", properties);
}

static json_t *state_schema(void)
{
  json_t *words = json_array();
  for (int i = 0; i < FINDING_STATES; i++)
    json_array_append_new(words, json_string(finding_state_name((enum finding_state)i)));
  return property(json_pack("{s:o}", "enum", words),
                  "missing: what it is good for does not work; limited: it works in part, or for some; "
                  "unknown: nothing that may be read tells");
}

static json_t *kind_schema(void)
{
  json_t *words = json_array();
  for (int i = 0; i < KINDS; i++)
    json_array_append_new(words, json_string(kind_row((enum kind)i)->name));
  return property(json_pack("{s:o}", "enum", words), "what this machine is itself");
}

/* The row CHECK, which always stands at the same place. */
static json_t *finding_schema(enum check_id check)
{
  const struct check_row *row = check_row(check);
  json_t *properties = json_pack("{s:{s:s},s:{s:s},s:{s:s},s:o}", "name", "const", row->name, "group",
                                 "const", check_group_title(row->group), "title", "const", row->title,
                                 "state", json_pack("{s:s}", "$ref", "#/$defs/state"));
  json_object_set_new(properties, "seen", text_property("what was found"));
  json_object_set_new(properties, "source", text_property("where"));
  json_object_set_new(
      properties, "advice",
      property(json_pack("{s:[s,s]}", "type", "string", "null"), "what to do about it; null: nothing"));
  return property(closed_object(properties), row->text);
}

static json_t *checks_schema(void)
{
  json_t *places = json_array();
  for (int i = 0; i < CHECKS; i++)
    json_array_append_new(places, finding_schema((enum check_id)i));
  return property(
      json_pack("{s:s,s:o,s:b,s:i}", "type", "array", "prefixItems", places, "items", 0, "minItems", CHECKS),
      "one row each, always all of them");
}

json_t *checkup_schema(void)
{
  json_t *properties = json_object();

  json_object_set_new(properties, "format",
                      property(json_pack("{s:s}", "const", CHECKUP_FORMAT), "what this object is"));
  json_object_set_new(properties, "version",
                      property(json_pack("{s:i}", "const", CHECKUP_VERSION), "of this format"));
  json_object_set_new(properties, "virtlens", text_property("version of virtlens"));
  json_object_set_new(
      properties, "time",
      property(json_pack("{s:s,s:s}", "type", "string", "format", "date-time"), "when it was looked"));
  json_object_set_new(properties, "host", text_property("name of the host"));
  json_object_set_new(properties, "kernel", text_property("release of its kernel"));
  json_object_set_new(properties, "machine", text_property("kind of its CPU: x86_64 ..."));
  json_object_set_new(properties, "kind", kind_schema());
  json_object_set_new(properties, "accelerated",
                      property(json_pack("{s:s}", "type", "boolean"),
                               "guests with an operating system can run accelerated; when false the exit "
                               "status is 3"));
  json_object_set_new(properties, "verdict", text_property("that in a sentence"));
  json_object_set_new(properties, "checks", checks_schema());
  json_t *root = closed_object(properties);
  json_object_set_new(root, "$schema", json_string("https://json-schema.org/draft/2020-12/schema"));
  json_object_set_new(root, "title", json_string("virtlens check"));
  json_object_set_new(root, "$defs", json_pack("{s:o}", "state", state_schema()));
  return root;
}
