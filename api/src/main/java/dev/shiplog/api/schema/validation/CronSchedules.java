package dev.shiplog.api.schema.validation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The syntax of schedules: five fields of numbers, names, ranges and steps, or a macro. */
final class CronSchedules {

  private static final Set<String> MACROS =
      Set.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
  private static final Pattern EVERY =
      Pattern.compile("@every ([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+");
  private static final Pattern PART =
      Pattern.compile("(\\*|\\?|([0-9]{1,3}|[a-z]{3})(-([0-9]{1,3}|[a-z]{3}))?)(/([0-9]{1,4}))?");

  /** One field: what it is called, and the values it takes. */
  private record Field(String name, int first, int last, List<String> names) {}

  private static final List<Field> FIELDS =
      List.of(
          new Field("minute", 0, 59, List.of()),
          new Field("hour", 0, 23, List.of()),
          new Field("day of month", 1, 31, List.of()),
          new Field(
              "month",
              1,
              12,
              List.of(
                  "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                  "dec")),
          new Field("day of week", 0, 6, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat")));

  private CronSchedules() {}

  /** What is wrong with a schedule. */
  static Optional<String> problem(String schedule) {
    if (schedule.startsWith("@")) {
      return MACROS.contains(schedule) || EVERY.matcher(schedule).matches()
          ? Optional.empty()
          : Optional.of("unrecognized descriptor: " + schedule);
    }
    String[] fields = schedule.strip().split("\\s+");
    if (fields.length != FIELDS.size()) {
      return Optional.of(
          "expected exactly 5 fields, found " + fields.length + ": [" + schedule + "]");
    }
    for (int i = 0; i < fields.length; i++) {
      for (String part : fields[i].toLowerCase(Locale.ROOT).split(",", -1)) {
        if (!isValid(part, FIELDS.get(i))) {
          return Optional.of(
              "\"%s\" is no %s: give numbers from %d to %d, ranges, steps or *"
                  .formatted(part, FIELDS.get(i).name, FIELDS.get(i).first, FIELDS.get(i).last));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isValid(String part, Field field) {
    Matcher form = PART.matcher(part);
    if (!form.matches() || (form.group(6) != null && Integer.parseInt(form.group(6)) == 0)) {
      return false;
    }
    if (form.group(2) == null) {
      return true;
    }
    int from = value(form.group(2), field);
    int to = form.group(4) == null ? from : value(form.group(4), field);
    return from >= field.first && to >= from && to <= field.last;
  }

  private static int value(String text, Field field) {
    return Character.isDigit(text.charAt(0))
        ? Integer.parseInt(text)
        : field.names.contains(text) ? field.names.indexOf(text) + field.first : -1;
  }
}
