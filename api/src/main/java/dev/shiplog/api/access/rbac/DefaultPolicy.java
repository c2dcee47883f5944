package dev.shiplog.api.access.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.shiplog.topics.record.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The roles and bindings that every cluster has, read from {@code default-roles.yaml}: whole
 * objects of the API. Immutable; any thread.
 */
public final class DefaultPolicy {

  public static final String AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";

  private static final String AGGREGATE_TO = "rbac.authorization.k8s.io/aggregate-to-";
  private static final String CONTROLLER = "system:controller:";
  private static final Map<String, List<String>> VERBS =
      Map.of(
          "read", List.of("get", "list", "watch"),
          "write", List.of("create", "delete", "deletecollection", "patch", "update"));

  private final List<ObjectNode> objects = new ArrayList<>();

  private DefaultPolicy() {}

  /** All of them, roles before what binds them; the caller's own copies. */
  public static List<ObjectNode> objects() {
    DefaultPolicy policy = new DefaultPolicy();
    JsonNode file = read();
    file.path("clusterRoles")
        .properties()
        .forEach(role -> policy.clusterRole(role.getKey(), role.getValue()));
    file.path("controllers")
        .properties()
        .forEach(controller -> policy.controller(controller.getKey(), controller.getValue()));
    file.path("bindings")
        .properties()
        .forEach(bound -> policy.clusterBinding(bound.getKey(), bound.getValue()));
    file.path("roles").properties().forEach(role -> policy.role(role.getKey(), role.getValue()));
    return policy.objects;
  }

  private static JsonNode read() {
    try (InputStream in = DefaultPolicy.class.getResourceAsStream("default-roles.yaml")) {
      return new YAMLMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void clusterRole(String name, JsonNode written) {
    ObjectNode role = object("ClusterRole", "", name);
    Optional.ofNullable(written.get("aggregateTo"))
        .ifPresent(
            to -> role.withObject("/metadata/labels").put(AGGREGATE_TO + to.asText(), "true"));
    if (written.has("aggregates")) {
      role.putObject("aggregationRule")
          .putArray("clusterRoleSelectors")
          .addObject()
          .putObject("matchLabels")
          .put(AGGREGATE_TO + written.get("aggregates").asText(), "true");
    } else {
      rules(role, written.path("rules"));
    }
    objects.add(role);
    if (written.has("grantedTo")) {
      objects.add(binding(role, "", name, written.get("grantedTo")));
    }
  }

  private void controller(String name, JsonNode rules) {
    ObjectNode role = object("ClusterRole", "", CONTROLLER + name);
    rules(role, rules);
    objects.add(role);
    JsonNode account = Json.MAPPER.createArrayNode().add("ServiceAccount kube-system/" + name);
    objects.add(binding(role, "", CONTROLLER + name, account));
  }

  private void clusterBinding(String name, JsonNode written) {
    ObjectNode role = object("ClusterRole", "", written.path("role").asText());
    objects.add(binding(role, "", name, written.path("grantedTo")));
  }

  private void role(String key, JsonNode written) {
    int slash = key.indexOf('/');
    String namespace = key.substring(0, slash);
    String name = key.substring(slash + 1);
    ObjectNode role = object("Role", namespace, name);
    rules(role, written.path("rules"));
    objects.add(role);
    String bound = written.path("binding").asText(name);
    objects.add(binding(role, namespace, bound, written.path("grantedTo")));
  }

  private static ObjectNode object(String kind, String namespace, String name) {
    ObjectNode object = Json.MAPPER.createObjectNode();
    object.put("apiVersion", RbacPolicy.GROUP + "/v1").put("kind", kind);
    ObjectNode metadata = object.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    metadata.putObject("labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
    metadata.putObject("annotations").put(AUTO_UPDATE, "true");
    return object;
  }

  private static ObjectNode binding(
      ObjectNode role, String namespace, String name, JsonNode grantedTo) {
    ObjectNode binding = object(role.get("kind").asText() + "Binding", namespace, name);
    binding
        .putObject("roleRef")
        .put("apiGroup", RbacPolicy.GROUP)
        .put("kind", role.get("kind").asText())
        .put("name", role.at("/metadata/name").asText());
    for (JsonNode subject : grantedTo) {
      String[] parts = subject.asText().split(" ", 2);
      ObjectNode entry = binding.withArray("/subjects").addObject().put("kind", parts[0]);
      if (parts[0].equals("ServiceAccount")) {
        String[] place = parts[1].split("/", 2);
        entry.put("name", place[1]).put("namespace", place[0]);
      } else {
        entry.put("apiGroup", RbacPolicy.GROUP).put("name", parts[1]);
      }
    }
    return binding;
  }

  private static void rules(ObjectNode role, JsonNode lines) {
    var rules = role.putArray("rules");
    lines.forEach(line -> rule(line.asText()).forEach(rule -> rules.add(rule.tree())));
  }

  /** Reads a line as the file's head describes it. */
  static List<PolicyRule> rule(String line) {
    List<String> words = List.of(line.trim().split("\\s+"));
    List<String> verbs = verbs(words.getFirst());
    int named = words.indexOf("named");
    List<String> names = named < 0 ? List.of() : words.subList(named + 1, words.size());
    List<String> what = words.subList(1, named < 0 ? words.size() : named);
    if (what.getFirst().startsWith("/") || what.getFirst().startsWith("url:")) {
      List<String> urls = what.stream().map(url -> url.replaceFirst("^url:", "")).toList();
      return List.of(new PolicyRule(verbs, List.of(), List.of(), List.of(), urls));
    }
    Map<String, List<String>> byGroup = new LinkedHashMap<>();
    for (String word : what) {
      int dot = word.indexOf('.');
      byGroup
          .computeIfAbsent(dot < 0 ? "" : word.substring(dot + 1), _ -> new ArrayList<>())
          .add(dot < 0 ? word : word.substring(0, dot));
    }
    Map<List<String>, List<String>> groups = new LinkedHashMap<>();
    byGroup.forEach(
        (group, resources) -> groups.computeIfAbsent(resources, _ -> new ArrayList<>()).add(group));
    List<PolicyRule> rules = new ArrayList<>();
    groups.forEach(
        (resources, of) -> rules.add(new PolicyRule(verbs, of, resources, names, List.of())));
    return rules;
  }

  private static List<String> verbs(String word) {
    List<String> verbs = new ArrayList<>();
    for (String verb : word.split(",")) {
      verbs.addAll(VERBS.getOrDefault(verb, List.of(verb)));
    }
    return verbs;
  }
}
