package dev.shiplog.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.scheduler.cycle.DecisionMark;
import dev.shiplog.scheduler.cycle.Explanation;
import dev.shiplog.scheduler.explain.History;
import dev.shiplog.scheduler.explain.Replay;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.standalone.SchedulerSettings;
import dev.shiplog.standalone.StartFailure;
import dev.shiplog.standalone.cli.ApiReader.Reply;
import dev.shiplog.topics.record.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Tells why a pod is where it is, or why it is pending: what each filter says of each node, and
 * what each score gives it. A decision of the past is gone through again in the state it came from,
 * which the pod names and the log still has.
 */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {
      "Tell why a pod is on its node, or why it is pending: every node's verdict by every filter,",
      "and its scores. For a pod that was scheduled, as things were when it was decided."
    })
final class ExplainCommand implements Callable<Integer> {

  @Mixin private DataDirectoryOption data;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "POD", description = "Name of the pod.")
  private String pod;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      defaultValue = "default",
      description = "Its namespace. Default: ${DEFAULT-VALUE}")
  private String namespace;

  @Option(
      names = "--at",
      paramLabel = "REVISION",
      description = "Explain where it would go at that revision (a resourceVersion).")
  private Long at;

  @Option(names = "--all", description = "Show every node, however many there are.")
  private boolean all;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table or json. Default: ${DEFAULT-VALUE}")
  private String output;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "How to reach the cluster. Default: that of the data directory")
  private Path kubeconfig;

  @Option(
      names = "--scheduler-config",
      paramLabel = "FILE",
      description = "The scheduler's configuration, if up was given one.")
  private Path schedulerConfig;

  @Option(
      names = "--scheduler-plugins",
      paramLabel = "DIR",
      description = "The directory of the scheduler's plugins, if up was given one.")
  private Path schedulerPlugins;

  @Override
  public Integer call() {
    if (!output.equals("table") && !output.equals("json")) {
      throw new StartFailure("--output is table or json, not " + output);
    }
    Path config = kubeconfig == null ? data.directory().kubeconfig() : kubeconfig;
    try (ApiReader api = ApiReader.of(config)) {
      explain(api);
    }
    return 0;
  }

  private void explain(ApiReader api) {
    JsonNode json = podOf(api);
    String node = json.at("/spec/nodeName").asText();
    Optional<DecisionMark> mark =
        at != null || node.isEmpty() ? Optional.empty() : DecisionMark.of(json);
    long podsRevision = mark.map(DecisionMark::podsRevision).orElse(at == null ? 0 : at);
    long nodesRevision = mark.map(DecisionMark::nodesRevision).orElse(at == null ? 0 : at);
    Explanation explanation =
        new Replay((path, revision) -> list(api, path, revision), profileOf(json))
            .explain(json, podsRevision, nodesRevision, mark);
    String asOf =
        podsRevision == 0 ? "as things are now" : "as things were at revision " + podsRevision;
    if (output.equals("json")) {
      spec.commandLine().getOut().println(json(json, node, podsRevision, explanation));
    } else {
      print(json, node, asOf, mark, explanation);
    }
  }

  /** At a revision of the past the pod may have been another, or still there. */
  private JsonNode podOf(ApiReader api) {
    if (at != null) {
      String path = "/api/v1/namespaces/" + namespace + "/pods";
      return list(api, path, at).stream()
          .filter(each -> each.at("/metadata/name").asText().equals(pod))
          .findFirst()
          .orElseThrow(() ->
              new StartFailure(
                  "there was no pod %s/%s at revision %d".formatted(namespace, pod, at)));
    }
    Reply reply = api.get("/api/v1/namespaces/" + namespace + "/pods/" + pod);
    if (reply.code() != 200) {
      throw new StartFailure(reply.message());
    }
    return reply.body();
  }

  private Profile profileOf(JsonNode json) {
    String name = json.at("/spec/schedulerName").asText();
    return SchedulerSettings.read(
            Optional.ofNullable(schedulerConfig), Optional.ofNullable(schedulerPlugins))
        .profiles()
        .stream()
        .filter(profile -> profile.schedulerName().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new StartFailure(
                "the pod's scheduler is \""
                    + name
                    + "\", which this cluster's scheduler is not; if it is configured, name the"
                    + " file with --scheduler-config"));
  }

  private static List<JsonNode> list(ApiReader api, String path, long revision) {
    String query =
        revision == History.NOW
            ? ""
            : "?resourceVersion=" + revision + "&resourceVersionMatch=Exact";
    Reply reply = api.get(path + query);
    if (reply.code() == 410) {
      throw new StartFailure(
          "the state of revision %d is no longer in the log, which is kept for as long as up --history says; --at explains a later one"
              .formatted(revision));
    }
    if (reply.code() != 200) {
      throw new StartFailure(path + ": " + reply.message());
    }
    List<JsonNode> items = new ArrayList<>();
    reply.body().path("items").forEach(items::add);
    return items;
  }

  private void print(
      JsonNode json,
      String node,
      String asOf,
      Optional<DecisionMark> mark,
      Explanation explanation) {
    PrintWriter out = spec.commandLine().getOut();
    long feasible = explanation.nodes().stream().filter(each -> each.feasible()).count();
    String name = namespace + "/" + pod;
    out.println(
        node.isEmpty()
            ? "Pod %s is on no node.".formatted(name)
            : "Pod %s is on node %s.".formatted(name, node));
    if (node.isEmpty()) {
      condition(json).ifPresent(why -> out.println("The scheduler's last word: " + why));
    } else if (mark.isEmpty() && at == null) {
      out.println("Shiplog's scheduler did not put it there: nothing is known of the decision.");
    }
    out.printf("%d of %d nodes could take it, %s:%n%n", feasible, explanation.nodes().size(), asOf);
    new ExplanationTable(explanation, node, all).lines().forEach(out::println);
  }

  private static Optional<String> condition(JsonNode pod) {
    return pod.at("/status/conditions")
        .valueStream()
        .filter(each -> each.path("type").asText().equals("PodScheduled"))
        .map(each -> each.path("message").asText())
        .filter(message -> !message.isEmpty())
        .findFirst();
  }

  private String json(JsonNode pod, String node, long revision, Explanation explanation) {
    ObjectNode result = Json.MAPPER.createObjectNode();
    result.put("namespace", namespace).put("pod", this.pod).put("node", node);
    result.put("revision", revision);
    condition(pod).ifPresent(message -> result.put("message", message));
    for (Explanation.OfNode each : explanation.nodes()) {
      ObjectNode entry = result.withArray("nodes").addObject();
      entry.put("name", each.name()).put("feasible", each.feasible()).put("total", each.total());
      each.rejections()
          .forEach((plugin, verdict) ->
              entry
                  .withObject("/rejections")
                  .set(plugin, Json.MAPPER.valueToTree(verdict.reasons())));
      each.scores().forEach((plugin, score) -> entry.withObject("/scores").put(plugin, score));
    }
    return result.toPrettyString();
  }
}
