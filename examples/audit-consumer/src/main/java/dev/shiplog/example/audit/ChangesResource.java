package dev.shiplog.example.audit;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** Who changed what, when. */
@Path("/changes")
@Produces(MediaType.APPLICATION_JSON)
public class ChangesResource {

  private static final int USUAL = 100;
  private static final int MOST = 1000;

  private final AuditTrail trail;

  ChangesResource(AuditTrail trail) {
    this.trail = trail;
  }

  /** The newest changes first. */
  @GET
  public List<Change> changes(
      @RestQuery String user,
      @RestQuery String verb,
      @RestQuery String resource,
      @RestQuery String namespace,
      @RestQuery String name,
      @RestQuery String since,
      @RestQuery Integer limit) {
    int most = limit == null ? USUAL : Math.clamp(limit, 1, MOST);
    return trail.newest(
        new Question(user, verb, resource, namespace, name, instant(since)), most);
  }

  /** Each change as it comes. A reader that is slow misses some; asking again shows them. */
  @GET
  @Path("/stream")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @RestStreamElementType(MediaType.APPLICATION_JSON)
  public Multi<Change> stream() {
    return Multi.createFrom()
        .emitter(
            emitter -> emitter.onTermination(trail.listen(emitter::emit)),
            BackPressureStrategy.DROP);
  }

  private static Instant instant(String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new BadRequestException("since must be a time like 2026-01-31T10:00:00Z");
    }
  }
}
