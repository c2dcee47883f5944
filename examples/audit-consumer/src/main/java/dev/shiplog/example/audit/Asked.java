package dev.shiplog.example.audit;

import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jboss.resteasy.reactive.RestQuery;

/** What a client asks for, as it stands in the query: texts, so that a wrong one can be named. */
public class Asked {

  private static final long USUAL = 100;
  private static final int MOST = 1000;

  @RestQuery String user;
  @RestQuery String verb;
  @RestQuery String resource;
  @RestQuery String namespace;
  @RestQuery String name;
  @RestQuery String since;
  @RestQuery String before;
  @RestQuery String code;
  @RestQuery String limit;

  Question question() {
    Long answered = number("code", code);
    return new Question(
        user,
        verb,
        resource,
        namespace,
        name,
        instant(),
        number("before", before),
        answered == null ? null : answered.intValue());
  }

  /** How many are wanted at most. */
  int most() {
    Long wanted = number("limit", limit);
    return Math.clamp(wanted == null ? USUAL : wanted, 1, MOST);
  }

  private static Long number(String parameter, String text) {
    if (isMissing(text)) {
      return null;
    }
    try {
      long number = Long.parseLong(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw wrong(parameter + " must be a number above 0, not \"" + text + "\"");
  }

  private Instant instant() {
    if (isMissing(since)) {
      return null;
    }
    try {
      return OffsetDateTime.parse(since).toInstant();
    } catch (DateTimeException e) {
      throw wrong("since must be a time like 2026-01-31T10:00:00Z, not \"" + since + "\"");
    }
  }

  private static boolean isMissing(String text) {
    return text == null || text.isEmpty();
  }

  private static BadRequestException wrong(String why) {
    return new BadRequestException(
        Response.status(Response.Status.BAD_REQUEST)
            .type(MediaType.APPLICATION_JSON)
            .entity(Map.of("error", why))
            .build());
  }
}
