package dev.shiplog.api.schema.decoding;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Times of the API: RFC 3339, written in UTC. */
public final class Times {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Times() {}

  /** A meta/v1 Time, which has whole seconds. */
  public static String seconds(Instant time) {
    return SECONDS.format(time);
  }

  /** A meta/v1 MicroTime. */
  public static String micros(Instant time) {
    return MICROS.format(time.truncatedTo(ChronoUnit.MICROS));
  }

  /**
   * Reads a time of the API.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Instant parse(String text) {
    try {
      return OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "parsing time \"%s\" as RFC 3339, such as 2006-01-02T15:04:05Z: cannot parse \"%s\""
              .formatted(text, text.substring(Math.min(e.getErrorIndex(), text.length()))),
          e);
    }
  }

  static String seconds(String text) {
    return seconds(parse(text));
  }

  static String micros(String text) {
    return micros(parse(text));
  }
}
