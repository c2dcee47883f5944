package dev.shiplog.api.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.Attributes;
import dev.shiplog.api.schema.Trees;
import dev.shiplog.topics.journal.UserInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A FlowSchema, read. Immutable; any thread.
 *
 * @param precedence the lowest that matches counts
 * @param distinguisher {@code ByUser}, {@code ByNamespace} or empty
 */
record FlowSchema(
    String name, String uid, int precedence, String level, String distinguisher, List<Rule> rules) {

  static final Comparator<FlowSchema> ORDER =
      Comparator.comparingInt(FlowSchema::precedence).thenComparing(FlowSchema::name);

  private static final int DEFAULT_PRECEDENCE = 1000;
  private static final String ACCOUNT = "system:serviceaccount:";
  private static final String ALL = "*";

  /** Whose requests, and which. */
  record Rule(List<Subject> subjects, List<Resources> resources, List<Paths> paths) {}

  /** A user, group or service account. */
  record Subject(String kind, String namespace, String name) {

    boolean is(UserInfo user) {
      return switch (kind) {
        case "User" -> name.equals(ALL) || name.equals(user.username());
        case "Group" -> name.equals(ALL) || user.groups().contains(name);
        default -> isAccount(user.username());
      };
    }

    private boolean isAccount(String username) {
      return name.equals(ALL)
          ? username.startsWith(ACCOUNT + namespace + ":")
          : username.equals(ACCOUNT + namespace + ":" + name);
    }
  }

  /** Requests about resources. */
  record Resources(
      List<String> verbs,
      List<String> groups,
      List<String> resources,
      boolean cluster,
      List<String> namespaces) {

    boolean match(Attributes asked) {
      boolean place =
          asked.namespace().isEmpty() ? cluster : contains(namespaces, asked.namespace());
      return place
          && contains(verbs, asked.verb())
          && contains(groups, asked.group())
          && contains(resources, asked.resourceAndSubresource());
    }
  }

  /** Requests about other paths. */
  record Paths(List<String> verbs, List<String> paths) {

    boolean match(Attributes asked) {
      return contains(verbs, asked.verb())
          && paths.stream()
              .anyMatch(path ->
                  path.equals(ALL)
                      || path.equals(asked.path())
                      || (path.endsWith("/*")
                          && asked.path().startsWith(path.substring(0, path.length() - 1))));
    }
  }

  static FlowSchema of(ObjectNode tree) {
    JsonNode spec = tree.path("spec");
    List<Rule> rules = new ArrayList<>();
    for (ObjectNode rule : Trees.objects(spec, "rules")) {
      rules.add(
          new Rule(
              Trees.objects(rule, "subjects").stream().map(FlowSchema::subject).toList(),
              Trees.objects(rule, "resourceRules").stream().map(FlowSchema::resources).toList(),
              Trees.objects(rule, "nonResourceRules").stream()
                  .map(r -> new Paths(Trees.texts(r, "verbs"), Trees.texts(r, "nonResourceURLs")))
                  .toList()));
    }
    return new FlowSchema(
        Trees.text(tree, "metadata", "name"),
        Trees.text(tree, "metadata", "uid"),
        spec.path("matchingPrecedence").asInt(DEFAULT_PRECEDENCE),
        Trees.text(spec, "priorityLevelConfiguration", "name"),
        Trees.text(spec, "distinguisherMethod", "type"),
        List.copyOf(rules));
  }

  private static Subject subject(ObjectNode subject) {
    JsonNode user = subject.path("user");
    JsonNode group = subject.path("group");
    JsonNode account = subject.path("serviceAccount");
    return switch (Trees.text(subject, "kind")) {
      case "User" -> new Subject("User", "", Trees.text(user, "name"));
      case "Group" -> new Subject("Group", "", Trees.text(group, "name"));
      default ->
          new Subject(
              "ServiceAccount", Trees.text(account, "namespace"), Trees.text(account, "name"));
    };
  }

  private static Resources resources(ObjectNode rule) {
    return new Resources(
        Trees.texts(rule, "verbs"),
        Trees.texts(rule, "apiGroups"),
        Trees.texts(rule, "resources"),
        rule.path("clusterScope").asBoolean(false),
        Trees.texts(rule, "namespaces"));
  }

  boolean matches(UserInfo user, Attributes asked) {
    for (Rule rule : rules) {
      if (rule.subjects().stream().anyMatch(subject -> subject.is(user))
          && (asked.isResource()
              ? rule.resources().stream().anyMatch(r -> r.match(asked))
              : rule.paths().stream().anyMatch(p -> p.match(asked)))) {
        return true;
      }
    }
    return false;
  }

  /** Which flow of this schema a request belongs to. */
  String flow(UserInfo user, Attributes asked) {
    return switch (distinguisher) {
      case "ByUser" -> name + "/" + user.username();
      case "ByNamespace" -> name + "/" + asked.namespace();
      default -> name;
    };
  }

  private static boolean contains(List<String> wanted, String value) {
    return wanted.contains(ALL) || wanted.contains(value);
  }
}
