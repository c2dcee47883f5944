package dev.shiplog.api.journal;

import static dev.shiplog.api.journal.TestStore.EVENTS;
import static dev.shiplog.api.journal.TestStore.PODS;
import static dev.shiplog.api.journal.TestStore.object;
import static dev.shiplog.api.journal.TestStore.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import dev.shiplog.api.store.CommitRequest;
import dev.shiplog.api.store.CommitResult;
import dev.shiplog.api.store.CommitRule;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.journal.Origin;
import dev.shiplog.topics.journal.UserInfo;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commit rules and commands: what only the one who decides can check. */
class DeciderTest {

  private static final CommandResult REFUSED = new CommandResult(409, "Conflict", "no", "pods", 0);

  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private DrivenServer server;

  @BeforeEach
  void start() {
    log.ensureTopics(TestStore.topics());
    server = leader();
  }

  @Test
  void aRuleSeesWhatIsPending() {
    server = leader(new AtMostOnePodPerContent());
    CompletableFuture<CommitResult> first = create("a", "same");
    CompletableFuture<CommitResult> second = create("b", "same");
    server.step(2);

    assertThat(first).isCompleted();
    assertThat(failure(second).reason()).isEqualTo(Reason.FORBIDDEN);
  }

  @Test
  void aRuleSeesTheEarlierChangesOfTheSameTransaction() {
    server = leader(new AtMostOnePodPerContent());
    CompletableFuture<CommitResult> both =
        server.commit(
            new ProposedChange.Create(pod("a"), object(pod("a"), "same")),
            new ProposedChange.Create(pod("b"), object(pod("b"), "same")));
    server.step(2);

    assertThat(failure(both).reason()).isEqualTo(Reason.FORBIDDEN);
    assertThat(server.state().count(PODS, "")).isZero();
  }

  @Test
  void whatARuleCompletesIsStoredAndIndexed() {
    server = leader(new Numbering());
    var _ = create("a", "");
    var _ = create("b", "");
    server.step(2);

    assertThat(server.state().byIndex(PODS, "numbering", "2"))
        .extracting(StoredObject::key)
        .containsExactly(pod("b"));
    assertThat(server.state().get(pod("b")).orElseThrow().tree().at("/spec/number").asInt())
        .isEqualTo(2);
  }

  @Test
  void aRuleCompletesTheObjectAsProposedWhenItIsDecidedAgain() {
    server = leader(new Numbering());
    server.log.faults().failNextAppend(TestStore.NAMES.journal());
    CompletableFuture<CommitResult> lost = create("a", "");
    for (int i = 0; i < 4; i++) {
      server.step(2);
    }

    assertThat(lost.join().objects().getFirst().tree().at("/spec/number").asInt()).isEqualTo(1);
  }

  @Test
  void aRuleMayHaveOtherObjectsComeAndGoWithTheChanged() {
    server = leader(new Shadows());
    CompletableFuture<CommitResult> created = create("a", "");
    server.step(2);

    assertThat(server.state().get(Shadows.of(pod("a"))).orElseThrow().revision()).isEqualTo(2);
    assertThat(created.join().objects()).extracting(StoredObject::key).containsExactly(pod("a"));

    var _ = server.commit(new ProposedChange.Delete(pod("a"), 1));
    server.step(2);
    assertThat(server.state().count(EVENTS, "")).isZero();
  }

  @Test
  void aRuleThatFailsCostsOneRequestOnly() {
    server = leader(new Broken());
    assertThat(failure(create("broken", "")).reason()).isEqualTo(Reason.INTERNAL_ERROR);

    CompletableFuture<CommitResult> fine = create("a", "");
    server.step(2);
    assertThat(fine).isCompleted();
  }

  @Test
  void aCommandTakesEffectOnce() {
    CommitRequest request = command(create(pod("a")), ref(1, 7));
    CompletableFuture<CommitResult> first = server.commit(request);
    CompletableFuture<CommitResult> again = server.commit(command(create(pod("b")), ref(1, 7)));
    server.step(2);

    assertThat(first).isCompleted();
    assertThat(failure(again).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(server.state().get(pod("b"))).isEmpty();
    assertThat(server.applied().ledger().isDecided(ref(1, 7))).isTrue();
  }

  @Test
  void aCommandThatWasSkippedTakesNoEffectLater() {
    var _ = server.skip(origin(ref(1, 7)), REFUSED);
    CompletableFuture<CommitResult> late = server.commit(command(create(pod("a")), ref(1, 7)));
    server.step(2);

    assertThat(failure(late).reason()).isEqualTo(Reason.CONFLICT);
  }

  @Test
  void aCommandOfAnOlderGenerationChangesNothingButItsOutcomeIsPutDown() {
    var _ = server.skip(origin(ref(2, 0)), new CommandResult(200, "", "", "", 0));
    CompletableFuture<CommitResult> old = server.commit(command(create(pod("a")), ref(1, 1)));
    CompletableFuture<CommitResult> outcome = server.skip(origin(ref(1, 1)), REFUSED);
    CompletableFuture<CommitResult> newer = server.commit(command(create(pod("a")), ref(2, 2)));
    server.step(2);

    assertThat(failure(old).reason()).isEqualTo(Reason.CONFLICT);
    assertThat(outcome).isCompleted();
    assertThat(newer).isCompleted();
    assertThat(server.applied().ledger().decided().lowestUndecided()).isEqualTo(3);
  }

  private DrivenServer leader(CommitRule... rules) {
    DrivenServer started = new DrivenServer("leader", log, 1, rules);
    started.claim();
    started.step(1);
    return started;
  }

  private CompletableFuture<CommitResult> create(String name, String content) {
    return server.commit(new ProposedChange.Create(pod(name), object(pod(name), content)));
  }

  private static ProposedChange create(ObjectKey key) {
    return new ProposedChange.Create(key, object(key, ""));
  }

  private static CommandRef ref(long generation, long offset) {
    return new CommandRef("topic", 0, offset, "id-" + offset, "controllers", generation, "key");
  }

  private static CommitRequest command(ProposedChange change, CommandRef ref) {
    return new CommitRequest(origin(ref), List.of(change), false);
  }

  private static Origin origin(CommandRef ref) {
    return new Origin(
        "audit", "create", "", UserInfo.of("controller"), List.of(), "", 0, Optional.of(ref));
  }

  private static ApiFailure failure(CompletableFuture<CommitResult> answer) {
    assertThat(answer).isCompletedExceptionally();
    Throwable thrown = catchThrowable(answer::join);
    return (ApiFailure) (thrown instanceof CompletionException ? thrown.getCause() : thrown);
  }

  /** Refuses a pod whose content another pod has. */
  private static final class AtMostOnePodPerContent extends RuleForPods {
    @Override
    public String name() {
      return "content";
    }

    @Override
    public boolean completes(StorageResource resource) {
      return false;
    }

    @Override
    public Collection<String> indexed(StorageResource resource, ObjectNode object) {
      return List.of(object.at("/spec/content").asText());
    }

    @Override
    public void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after) {
      if (!state.byIndex(PODS, name(), after.at("/spec/content").asText()).isEmpty()) {
        throw Failures.forbidden("", "pods", key.name(), "its content is taken");
      }
    }
  }

  /** Gives each pod the next number; one that comes with a number is refused. */
  private static final class Numbering extends RuleForPods {
    @Override
    public String name() {
      return "numbering";
    }

    @Override
    public Collection<String> indexed(StorageResource resource, ObjectNode object) {
      return object.at("/spec/number").isMissingNode()
          ? List.of()
          : List.of(object.at("/spec/number").asText());
    }

    @Override
    public void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after) {
      if (!after.at("/spec/number").isMissingNode()) {
        throw Failures.forbidden("", "pods", key.name(), "numbers are given here");
      }
      after.withObject("spec").put("number", state.count(PODS, "") + 1);
    }
  }

  /** Has an Event for each pod. */
  private static final class Shadows extends RuleForPods {
    static ObjectKey of(ObjectKey pod) {
      return new ObjectKey(EVENTS, pod.namespace(), pod.name());
    }

    @Override
    public String name() {
      return "shadows";
    }

    @Override
    public void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after) {}

    @Override
    public List<Amendment> amend(Snapshot state, List<Changed> changes) {
      return changes.stream()
          .map(Changed::key)
          .map(pod ->
              new Amendment(of(pod), state.get(pod).map(there -> object(of(pod), "")).orElse(null)))
          .toList();
    }
  }

  private static final class Broken extends RuleForPods {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public void check(Snapshot state, ObjectKey key, StoredObject before, ObjectNode after) {
      if (key.name().equals("broken")) {
        throw new IllegalStateException("a bug in a rule");
      }
    }
  }

  private abstract static class RuleForPods implements CommitRule {
    @Override
    public boolean concerns(StorageResource resource) {
      return resource.equals(PODS);
    }
  }
}
