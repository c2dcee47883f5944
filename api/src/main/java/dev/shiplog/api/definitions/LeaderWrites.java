package dev.shiplog.api.definitions;

import dev.shiplog.api.journal.OwnCommits;
import dev.shiplog.api.request.ApiRequest;
import dev.shiplog.api.request.Caller;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.topics.journal.UserInfo;
import java.util.List;

/**
 * How the leader writes for itself, or for a controller that it stands in for: as any client does,
 * waiting for the answer. Any thread.
 */
public final class LeaderWrites {

  private static final UserInfo SELF =
      UserInfo.of("system:apiserver", "system:masters", "system:authenticated");

  private final DefinitionRun.Environment environment;
  private final UserInfo writer;
  private final OwnCommits commits;

  /** In the server's own name. */
  LeaderWrites(DefinitionRun.Environment environment) {
    this(environment, SELF);
  }

  /**
   * In the name of a user.
   *
   * @param writer who is told to have written
   */
  public LeaderWrites(DefinitionRun.Environment environment, UserInfo writer) {
    this.environment = environment;
    this.writer = writer;
    this.commits = new OwnCommits(environment.store(), environment.clock(), writer);
  }

  /** Whether it was committed; if not, the state is to be looked at again. */
  boolean commit(ProposedChange change) {
    String verb = change instanceof ProposedChange.Delete ? "delete" : "update";
    return commits.commit(verb, "", List.of(change));
  }

  /** Whether it was done; if not, the state is to be looked at again. */
  public boolean run(ApiRequest request) {
    return OwnCommits.settled(environment.verbs().handle(request));
  }

  /** Who asks, for one request. */
  public Caller caller() {
    return Caller.itself(writer, environment.clock(), environment.workers());
  }
}
