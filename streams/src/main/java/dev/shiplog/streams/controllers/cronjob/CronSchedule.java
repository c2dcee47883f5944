package dev.shiplog.streams.controllers.cronjob;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A cron schedule in a time zone: five fields, or a macro such as {@code @daily}. Where both day
 * fields are restricted, a day need only fit one of them. A time that a change to daylight saving
 * leaves out is left out here, and one that comes twice comes twice here, as in Kubernetes.
 */
final class CronSchedule {

  /** A schedule that fits no day in so many years fits none. */
  private static final int YEARS_MAX = 5;

  private static final Map<String, String> MACROS =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  private final Field minutes;
  private final Field hours;
  private final Field daysOfMonth;
  private final Field months;
  private final Field daysOfWeek;
  private final ZoneId zone;

  private CronSchedule(String[] fields, ZoneId zone) {
    minutes = Field.parse(fields[0], 0, 59, List.of());
    hours = Field.parse(fields[1], 0, 23, List.of());
    daysOfMonth = Field.parse(fields[2], 1, 31, List.of());
    months = Field.parse(fields[3], 1, 12, MONTHS);
    daysOfWeek = Field.parse(fields[4], 0, 6, DAYS);
    this.zone = zone;
  }

  /**
   * Reads a schedule.
   *
   * @throws IllegalArgumentException if it is none, with a message for people
   */
  static CronSchedule parse(String text, ZoneId zone) {
    String expanded = MACROS.getOrDefault(text.strip().toLowerCase(Locale.ROOT), text.strip());
    String[] fields = expanded.split("\\s+");
    if (fields.length != 5) {
      throw new IllegalArgumentException("expected 5 fields, found " + fields.length + ": " + text);
    }
    return new CronSchedule(fields, zone);
  }

  /** The first time after another; empty if there is none. */
  Optional<Instant> after(Instant time) {
    ZonedDateTime next = time.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    int lastYear = next.getYear() + YEARS_MAX;
    while (next.getYear() <= lastYear) {
      if (!months.has(next.getMonthValue())) {
        next = next.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).plusMonths(1);
      } else if (!hasDay(next)) {
        next = next.truncatedTo(ChronoUnit.DAYS).plusDays(1);
      } else if (!hours.has(next.getHour())) {
        next = next.truncatedTo(ChronoUnit.HOURS).plusHours(1);
      } else if (!minutes.has(next.getMinute())) {
        next = next.plusMinutes(1);
      } else {
        return Optional.of(next.toInstant());
      }
    }
    return Optional.empty();
  }

  private boolean hasDay(ZonedDateTime time) {
    boolean ofMonth = daysOfMonth.has(time.getDayOfMonth());
    boolean ofWeek = daysOfWeek.has(time.getDayOfWeek().getValue() % 7);
    boolean both = daysOfMonth.any() || daysOfWeek.any();
    return both ? (ofMonth && ofWeek) : (ofMonth || ofWeek);
  }

  /**
   * One field.
   *
   * @param values it fits
   * @param any written with a star, that is, not restricted
   */
  private record Field(BitSet values, boolean any) {

    boolean has(int value) {
      return values.get(value);
    }

    static Field parse(String text, int least, int most, List<String> names) {
      BitSet values = new BitSet(most + 1);
      boolean any = false;
      for (String part : text.split(",", -1)) {
        any |= addPart(part, least, most, names, values);
      }
      return new Field(values, any);
    }

    /** Returns whether the part is a star. */
    private static boolean addPart(
        String part, int least, int most, List<String> names, BitSet values) {
      String[] stepped = part.split("/", -1);
      String[] ends = stepped[0].split("-", -1);
      boolean star = stepped[0].equals("*") || stepped[0].equals("?");
      check(stepped.length <= 2 && ends.length <= 2, part);
      int step = stepped.length == 2 ? number(stepped[1], List.of(), 0) : 1;
      int first = star ? least : number(ends[0], names, least);
      boolean open = star || (ends.length == 1 && stepped.length == 2);
      int last = open ? most : first;
      last = ends.length == 2 ? number(ends[1], names, least) : last;
      check(step > 0 && first >= least && last <= most && first <= last, part);
      for (int value = first; value <= last; value += step) {
        values.set(value);
      }
      return star && step == 1;
    }

    private static int number(String text, List<String> names, int least) {
      int name = names.indexOf(text.toLowerCase(Locale.ROOT));
      if (name >= 0) {
        return name + least;
      }
      check(text.matches("\\d{1,4}"), text);
      return Integer.parseInt(text);
    }

    private static void check(boolean right, String part) {
      if (!right) {
        throw new IllegalArgumentException("cannot read \"" + part + "\" in a schedule");
      }
    }
  }
}
