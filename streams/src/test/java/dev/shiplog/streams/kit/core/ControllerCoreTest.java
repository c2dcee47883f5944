package dev.shiplog.streams.kit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.shiplog.streams.kit.CommandRequest;
import dev.shiplog.streams.kit.Commands;
import dev.shiplog.streams.kit.Controller;
import dev.shiplog.streams.kit.EventRequest;
import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.MetadataOnly;
import dev.shiplog.streams.kit.ObjectKeys;
import dev.shiplog.streams.kit.Reconciliation;
import dev.shiplog.streams.kit.RefusedCommand;
import dev.shiplog.streams.kit.ResourceType;
import dev.shiplog.streams.kit.ResourceTypes;
import dev.shiplog.streams.kit.Source;
import dev.shiplog.streams.kit.Views;
import dev.shiplog.streams.kit.view.ViewSet;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Command.Verb;
import dev.shiplog.topics.record.Outcome;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What the kit promises to controllers: long, because it is one specification on one double. */
class ControllerCoreTest {

  private static final ResourceType<ConfigMap> CONFIG_MAPS = ResourceTypes.CONFIG_MAPS;
  private static final String RESOURCE = "configmaps";

  private final RecordingFaultHandler bugs = new RecordingFaultHandler();
  private final ScriptedController controller = new ScriptedController();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final ControllerCore application =
      new ControllerCore(
          "controllers",
          List.of(controller),
          new Random(1),
          bugs,
          new ControllerMetrics(meters, () -> 0));
  private final ApplicationCore core =
      new ApplicationCore(
          application,
          ViewSet.of(application.resources(), application.indexes()),
          CatchUp.immediate());
  private final List<Command> commands = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long revision = 10;
  private long generation;

  @Test
  void nothingIsReconciledBeforeTheGenerationHasBegun() {
    core.start(now);
    read("ns/a");

    assertThat(controller.seen).isEmpty();
  }

  @Test
  void everyKeyIsReconciledOnActivation() {
    read("ns/a");
    read("ns/b");

    activate();

    assertThat(controller.seen).containsExactly("ns/a", "ns/b");
  }

  @Test
  void aChangeIsReconciledAtOnce() {
    activate();

    read("ns/a");

    assertThat(controller.seen).containsExactly("ns/a");
  }

  @Test
  void whatAControllerDoesIsCountedUnderItsName() {
    activate();
    controller.answers(key -> Reconciliation.of(create("ns/x"), create("ns/y")));
    read("ns/a");

    assertThat(meters.get("workqueue.adds").tag("name", "scripted").counter().count()).isEqualTo(1);
    assertThat(meters.get("workqueue.depth").gauge().value()).isZero();
    assertThat(meters.get("workqueue.queue.duration").timer().count()).isEqualTo(1);
    assertThat(meters.get("workqueue.work.duration").timer().count()).isEqualTo(1);
    assertThat(meters.get("shiplog.controller.commands").counter().count()).isEqualTo(2);
    assertThat(meters.get("shiplog.controller.change.to.command").timer().count()).isEqualTo(1);
    assertThat(meters.get("shiplog.controller.resting").gauge().value()).isEqualTo(1);
  }

  @Test
  void commandsCarryApplicationGenerationActorAndIdsOfTheirOwn() {
    activate();
    controller.answers(key -> Reconciliation.of(create("ns/x"), create("ns/y")));

    read("ns/a");

    assertThat(sent())
        .extracting(Command::application, Command::generation, Command::actor)
        .containsOnly(
            tuple("controllers", generation, "system:serviceaccount:kube-system:scripted"));
    assertThat(sent()).extracting(Command::id).doesNotHaveDuplicates();
  }

  @Test
  void aKeyRestsUntilEveryOutcomeIsBack() {
    activate();
    controller.answers(key -> Reconciliation.of(create("ns/x"), create("ns/y")));
    read("ns/a");
    controller.answersNothing();

    read("ns/a");
    accept(sent().get(0), revision);
    assertThat(controller.seen).containsExactly("ns/a");

    accept(sent().get(1), revision);
    assertThat(controller.seen).containsExactly("ns/a", "ns/a");
  }

  @Test
  void aKeyRestsUntilTheSourcesHaveReachedWhatTheOutcomeNames() {
    activate();
    controller.answers(key -> Reconciliation.of(create("ns/x")));
    read("ns/a");
    controller.answersNothing();

    accept(sent().getFirst(), revision + 1);
    assertThat(controller.seen).containsExactly("ns/a");

    read("other/b");
    assertThat(controller.seen).contains("ns/a", "other/b").hasSize(3);
  }

  @Test
  void aTombstoneOfAnUnknownObjectEndsTheRestThatWaitedForIt() {
    activate();
    controller.answers(key -> Reconciliation.of(create("ns/x")));
    read("ns/a");
    controller.answersNothing();
    accept(sent().getFirst(), revision + 1);

    record("ns/gone", null);

    assertThat(controller.seen).containsExactly("ns/a", "ns/a");
  }

  @Test
  void aKeyDoesNotWaitForResourcesThatAreNoSourcesOfItsController() {
    activate();
    controller.answers(key -> Reconciliation.of(create("ns/x")));
    read("ns/a");
    controller.answersNothing();

    outcome(sent().getFirst(), new CommandResult(201, "", "", "pods", 1_000_000), 1_000_000);

    assertThat(controller.seen).containsExactly("ns/a", "ns/a");
  }

  @Test
  void otherKeysGoOnWhileOneRests() {
    activate();
    controller.answers(key -> key.equals("ns/a") ? Reconciliation.of(create("ns/x")) : null);
    read("ns/a");

    read("ns/b");

    assertThat(controller.seen).containsExactly("ns/a", "ns/b");
  }

  @Test
  void aTimeLimitEndsEveryRest() {
    activate();
    controller.answers(key -> Reconciliation.of(create("ns/x")));
    read("ns/a");

    pass(ControllerLoop.REST_LIMIT.minusMillis(1));
    assertThat(controller.seen).hasSize(1);

    pass(Duration.ofSeconds(1));
    assertThat(controller.seen).hasSize(2);
  }

  @Test
  void anOutcomeThatComesAfterTheLimitIsForgotten() {
    activate();
    controller.answers(key -> Reconciliation.of(create("ns/x")));
    read("ns/a");
    Command late = sent().getFirst();
    controller.answersNothing();
    pass(ControllerLoop.REST_LIMIT.plusSeconds(1));
    controller.seen.clear();

    refuse(late, "Conflict");

    assertThat(controller.seen).isEmpty();
  }

  @Test
  void contentionIsReconciledAgainFromFreshViewsAtOnce() {
    activate();
    controller.answers(key -> Reconciliation.of(create("ns/x")));
    read("ns/a");
    controller.answersNothing();

    refuse(sent().getFirst(), "AlreadyExists");

    assertThat(controller.seen).containsExactly("ns/a", "ns/a");
  }

  @Test
  void anyOtherRefusalBacksOff() {
    activate();
    controller.answers(key -> Reconciliation.of(create("ns/x")));
    read("ns/a");
    refuse(sent().getFirst(), "Forbidden");
    assertThat(controller.seen).hasSize(1);

    pass(Backoff.FIRST);

    assertThat(controller.seen).hasSize(2);
  }

  @Test
  void aControllerLearnsOnceWhatWasRefused() {
    activate();
    controller.answers(key -> Reconciliation.of(create("ns/x")));
    read("ns/a");
    refuse(sent().getFirst(), "Forbidden");
    controller.answersNothing();

    pass(Backoff.FIRST);
    read("ns/a");

    assertThat(controller.refused).extracting(RefusedCommand::reason).containsExactly("Forbidden");
  }

  @Test
  void theBackOffGrowsWithEachRefusalUpToItsBound() {
    activate();
    controller.answers(key -> Reconciliation.of(create("ns/x")));
    read("ns/a");
    for (int refusals = 0; refusals < 20; refusals++) {
      refuse(sent().getLast(), "Forbidden");
      pass(Backoff.LONGEST.plusMillis(1));
    }
    int seen = controller.seen.size();
    refuse(sent().getLast(), "Forbidden");

    pass(Backoff.LONGEST.dividedBy(2).minusMillis(1));
    assertThat(controller.seen).hasSize(seen);
    pass(Backoff.LONGEST.dividedBy(2).plusMillis(1));
    assertThat(controller.seen).hasSize(seen + 1);
  }

  @Test
  void aControllerThatAsksForWhatIsSoAlreadyBacksOff() {
    activate();
    controller.answers(key -> Reconciliation.of(create("ns/x")));
    read("ns/a");

    outcome(sent().getFirst(), new CommandResult(200, "", "", RESOURCE, 0), 0);
    assertThat(controller.seen).hasSize(1);

    pass(Backoff.FIRST);
    assertThat(controller.seen).hasSize(2);
  }

  @Test
  void aKeyIsLookedAtAgainAfterTheTimeItAskedFor() {
    activate();
    controller.answers(key -> Reconciliation.after(Duration.ofSeconds(30)));
    read("ns/a");

    pass(Duration.ofSeconds(29));
    assertThat(controller.seen).hasSize(1);
    pass(Duration.ofSeconds(1));
    assertThat(controller.seen).hasSize(2);
  }

  @Test
  void aLaterLookReplacesTheTimeAskedForBefore() {
    activate();
    controller.answers(key -> Reconciliation.after(Duration.ofSeconds(30)));
    read("ns/a");
    controller.answersNothing();
    read("ns/a");

    pass(Duration.ofSeconds(31));

    assertThat(controller.seen).hasSize(2);
  }

  @Test
  void everyKeyIsLookedAtInEachResync() {
    activate();
    read("ns/a");

    pass(controller.resyncInterval());

    assertThat(controller.seen).containsExactly("ns/a", "ns/a");
  }

  @Test
  void aControllerThatThrowsIsReportedAndTriedAgain() {
    activate();
    controller.answers(key -> {
      throw new IllegalStateException("odd object");
    });
    read("ns/a");
    controller.answersNothing();
    assertThat(bugs.faults()).hasSize(1);

    pass(Backoff.FIRST);

    assertThat(controller.seen).hasSize(2);
  }

  @Test
  void aKeyDoesNotRestForItsEvents() {
    activate();
    controller.answers(key ->
        Reconciliation.builder()
            .event(EventRequest.normal(CONFIG_MAPS, configMap(key), "Seen", "saw it"))
            .build());
    read("ns/a");
    read("ns/a");

    assertThat(controller.seen).hasSize(2);
    assertThat(sent()).hasSize(2).allMatch(command -> command.target().plural().equals("events"));
  }

  @Test
  void whatIsToldAfterACommandIsToldWhenItHasTakenEffect() {
    activate();
    controller.answers(this::createsAndTells);
    read("ns/a");
    controller.answersNothing();
    assertThat(sent()).hasSize(1);

    accept(sent().getFirst(), revision);

    assertThat(sent().getLast().target().plural()).isEqualTo("events");
  }

  @Test
  void whatIsToldAfterACommandIsNotToldIfThatIsRefused() {
    activate();
    controller.answers(this::createsAndTells);
    read("ns/a");
    controller.answersNothing();

    refuse(sent().getFirst(), "Forbidden");

    assertThat(sent()).hasSize(1);
  }

  private Reconciliation createsAndTells(String key) {
    return Reconciliation.builder()
        .command(
            create("ns/x"), EventRequest.normal(CONFIG_MAPS, configMap(key), "Made", "made it"))
        .build();
  }

  @Test
  void oneResourceCannotBeReadInTwoWays() {
    ResourceType<MetadataOnly> light =
        ResourceType.metadataOnly(CONFIG_MAPS.resource(), "v1", "ConfigMap", true);
    Controller other = new ScriptedController(light);

    assertThatThrownBy(
            () -> new ControllerCore("c", List.of(controller, other), new Random(1), bugs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("configmaps");
  }

  @Test
  void commandsFollowFromTheTraceOfTheChangeTheyAnswer() {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    activate();
    controller.answers(key -> Reconciliation.of(create("ns/of-" + ObjectKeys.nameOf(key))));

    byte[] value = KubernetesJson.bytes(configMap("ns/a"));
    core.onRecord(
        CONFIG_MAPS.resource(), "ns/a", value, ++revision, now.toEpochMilli(), trace, now);
    core.onTime(now);
    read("ns/b");

    assertThat(sent()).extracting(Command::traceparent).containsExactly(trace, null);
  }

  private void activate() {
    core.start(now);
    Command begin = sent().getLast();
    assertThat(begin.verb()).isEqualTo(Verb.BEGIN);
    generation = begin.generation();
    outcome(begin, new CommandResult(200, "", "", "", 0), 0);
    commands.clear();
  }

  private List<Command> sent() {
    commands.addAll(core.drain());
    return commands;
  }

  private void read(String key) {
    record(key, KubernetesJson.bytes(configMap(key)));
  }

  private void record(String key, byte[] value) {
    core.onRecord(CONFIG_MAPS.resource(), key, value, ++revision, now.toEpochMilli(), now);
    core.onTime(now);
  }

  private void accept(Command command, long reached) {
    outcome(command, new CommandResult(201, "", "", RESOURCE, reached), reached);
  }

  private void refuse(Command command, String reason) {
    outcome(command, new CommandResult(409, reason, "no", RESOURCE, revision), 0);
  }

  private void outcome(Command command, CommandResult result, long changed) {
    core.onOutcome(
        new Outcome(
            command.id(), command.application(), command.generation(), 0, 0, changed, result),
        now);
    core.onTime(now);
  }

  private void pass(Duration time) {
    now = now.plus(time);
    core.onTime(now);
  }

  private static CommandRequest create(String key) {
    return Commands.create(CONFIG_MAPS, configMap(key));
  }

  private static ConfigMap configMap(String key) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(ObjectKeys.namespaceOf(key))
        .withName(ObjectKeys.nameOf(key))
        .withUid("uid-" + key)
        .endMetadata()
        .build();
  }

  /** Notes what it was called with, and answers as it was told. */
  private static final class ScriptedController implements Controller {
    private final ResourceType<?> type;
    private final List<String> seen = new ArrayList<>();
    private final List<RefusedCommand> refused = new ArrayList<>();
    private Function<String, Reconciliation> answers = key -> null;

    ScriptedController() {
      this(CONFIG_MAPS);
    }

    ScriptedController(ResourceType<?> type) {
      this.type = type;
    }

    void answers(Function<String, Reconciliation> answers) {
      this.answers = answers;
    }

    void answersNothing() {
      answers = key -> null;
    }

    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public List<Source<?>> sources() {
      return List.of(Source.primary(type));
    }

    @Override
    public Collection<String> allKeys(Views views) {
      return views.of(type).all().stream().map(ObjectKeys::keyOf).toList();
    }

    @Override
    public Reconciliation reconcile(
        String key, List<RefusedCommand> refusedCommands, Views views, Instant now) {
      refused.addAll(refusedCommands);
      return reconcile(key, views, now);
    }

    @Override
    public Reconciliation reconcile(String key, Views views, Instant now) {
      seen.add(key);
      Reconciliation answer = answers.apply(key);
      return answer == null ? Reconciliation.nothing() : answer;
    }
  }
}
