package dev.shiplog.api.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.access.Authorizer;
import dev.shiplog.api.admission.Admission;
import dev.shiplog.api.journal.JournalStore;
import dev.shiplog.api.journal.TestStore;
import dev.shiplog.api.registry.Registry;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.ProposedChange;
import dev.shiplog.api.verbs.Identities;
import dev.shiplog.api.verbs.ObjectForms;
import dev.shiplog.api.verbs.Parts;
import dev.shiplog.api.verbs.Verbs;
import dev.shiplog.topics.journal.CommandRef;
import dev.shiplog.topics.journal.CommandResult;
import dev.shiplog.topics.record.Command;
import dev.shiplog.topics.record.Command.Target;
import dev.shiplog.topics.record.Command.Verb;
import dev.shiplog.topics.record.Json;
import dev.shiplog.topics.record.PodBindings;
import dev.shiplog.topics.record.PodBindings.PodBinding;
import dev.shiplog.topics.testing.InMemoryTopicLog;
import dev.shiplog.topics.testing.RecordingFaultHandler;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A command that binds pods, carried out on a real store and a log in memory. */
class BindCommandTest {

  private final InMemoryTopicLog log = new InMemoryTopicLog();
  private final RecordingFaultHandler faults = new RecordingFaultHandler();
  private final List<Attributes> asked = new CopyOnWriteArrayList<>();
  private boolean allowed = true;
  private JournalStore store;
  private VerbCommandExecutor executor;

  @BeforeEach
  void start() {
    store = TestStore.started(log, faults);
    Authorizer authorizer =
        (user, attributes) -> {
          asked.add(attributes);
          return allowed
              ? Authorizer.Decision.allow("because")
              : Authorizer.Decision.deny("because");
        };
    InstantSource clock = InstantSource.system();
    ResourceCatalogue catalogue = ResourceCatalogue.builtIn();
    Parts parts =
        new Parts(
            store,
            new Registry(),
            new ObjectForms(catalogue),
            new Admission(List.of()),
            new Identities(clock, Random::new));
    executor =
        new VerbCommandExecutor(
            () -> catalogue,
            store,
            new Verbs(parts, store, null, authorizer, null, clock, java.util.Map.of()),
            authorizer,
            clock,
            Runnable::run);
    pod("a");
    pod("b");
  }

  @AfterEach
  void stop() {
    store.close();
    faults.assertNone();
  }

  private void pod(String name) {
    ObjectKey key = TestStore.pod(name);
    ObjectNode pod = TestStore.object(key, "x").put("kind", "Pod").put("apiVersion", "v1");
    pod.withObject("/metadata").put("uid", "uid-" + name);
    store.commit(TestStore.request(new ProposedChange.Create(key, pod))).join();
  }

  private String nodeOf(String name) {
    return store
        .current()
        .get(TestStore.pod(name))
        .orElseThrow()
        .tree()
        .at("/spec/nodeName")
        .asText();
  }

  private Optional<CommandResult> bind(boolean allOrNone, String... names) {
    List<PodBinding> bindings =
        List.of(names).stream()
            .map(name ->
                new PodBinding(
                    "default", name, "uid-" + name, "n", Map.of("l", "w"), Map.of("k", "v")))
            .toList();
    Command command =
        new Command(
            "1",
            "scheduler",
            1,
            "system:kube-scheduler",
            Verb.BIND,
            new Target("", "v1", "pods", "binding", "", ""),
            null,
            null,
            Json.MAPPER.valueToTree(new PodBindings(allOrNone, bindings)));
    CommandRef ref = new CommandRef("topic", 0, 0, "1", "scheduler", 1, command.key());
    return executor.execute(command, ref).join();
  }

  @Test
  void podsAreBoundAndTheCommitSpeaksForTheCommand() {
    assertThat(bind(true, "a", "b")).isEmpty();

    assertThat(nodeOf("a")).isEqualTo("n");
    assertThat(nodeOf("b")).isEqualTo("n");
  }

  @Test
  void whatTheSchedulerKnowsOfThePodGoesOntoItInTheSameCommit() {
    bind(false, "a");

    ObjectNode pod = store.current().get(TestStore.pod("a")).orElseThrow().tree();
    assertThat(pod.at("/metadata/labels/l").asText()).isEqualTo("w");
    assertThat(pod.at("/metadata/annotations/k").asText()).isEqualTo("v");
  }

  @Test
  void theActorMustBeAllowedToBindEachOfThem() {
    allowed = false;

    CommandResult refused = bind(true, "a", "b").orElseThrow();

    assertThat(refused.code()).isEqualTo(403);
    assertThat(nodeOf("a")).isEmpty();
    assertThat(asked.getFirst().verb()).isEqualTo("create");
    assertThat(asked.getFirst().subresource()).isEqualTo("binding");
  }

  @Test
  void aRefusalNamesTheRevisionUpToWhichItIsTrue() {
    CommandResult refused = bind(true, "a", "gone").orElseThrow();

    assertThat(refused.code()).isEqualTo(404);
    assertThat(refused.resource()).isEqualTo("pods");
    assertThat(refused.resourceRevision()).isEqualTo(store.current().revision());
    assertThat(nodeOf("a")).isEmpty();
  }
}
