package dev.shiplog.example.audit;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** Who changed what, when; and who asked for what else. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public class ChangesResource {

  private final AuditTrail trail;

  ChangesResource(AuditTrail trail) {
    this.trail = trail;
  }

  /** The newest changes first. */
  @GET
  @Path("/changes")
  public List<Change> changes(Asked asked) {
    return trail.newest(asked.question(), asked.most());
  }

  /** The newest of what changed nothing first: reads, and what was refused. */
  @GET
  @Path("/requests")
  public List<Change> requests(Asked asked) {
    return trail.requests(asked.question(), asked.most());
  }

  /** Each change as it comes. A reader that is slow misses some; asking again shows them. */
  @GET
  @Path("/changes/stream")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @RestStreamElementType(MediaType.APPLICATION_JSON)
  public Multi<Change> stream() {
    return Multi.createFrom()
        .emitter(
            emitter -> emitter.onTermination(trail.listen(emitter::emit)),
            BackPressureStrategy.DROP);
  }
}
