package dev.shiplog.api.schema.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.GroupVersion;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.Subresource;
import dev.shiplog.api.schema.decoding.Target;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the paths of resources with their operations. Clients look here for two things: which kind
 * belongs to a path, and whether a PATCH knows {@code fieldValidation} and {@code dryRun}.
 */
final class PathWriter {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  private static final String STRATEGIC_MERGE = "application/strategic-merge-patch+json";
  private static final List<String> PATCHES =
      List.of(
          "application/json-patch+json",
          "application/merge-patch+json",
          STRATEGIC_MERGE,
          "application/apply-patch+yaml");

  /** What a list of changes may be narrowed by, beside the selectors of every list. */
  private static final Map<String, String> CHANGE_PARAMETERS =
      new TreeMap<>(
          Map.of(
              "since", "Only changes after a revision, or since a time as RFC 3339 has it.",
              "until", "Only changes up to a revision, or to a time.",
              "newestFirst", "true: the newest come first.",
              "user", "Only what this user asked for.",
              "verb", "Only what follows from requests of this verb.",
              "operation", "Only Create, Update or Delete.",
              "resource", "Only of this resource, as PLURAL or PLURAL.GROUP.",
              "name", "Only of objects of this name."));

  /** What is done at a path: the HTTP method, the action's name, the first word of its id. */
  private record Action(String method, String name, String word) {}

  private static final Action LIST = new Action("get", "list", "list");
  private static final Action CREATE = new Action("post", "post", "create");
  private static final Action DELETE_ALL =
      new Action("delete", "deletecollection", "deleteCollection");
  private static final Action GET = new Action("get", "get", "read");
  private static final Action UPDATE = new Action("put", "put", "replace");
  private static final Action PATCH = new Action("patch", "patch", "patch");
  private static final Action DELETE = new Action("delete", "delete", "delete");
  private static final Action CONNECT = new Action("get", "connect", "connectGet");

  /** The kind at a path, the definitions of its bodies, and the end of its operations' ids. */
  private record Subject(
      ResourceType resource, GroupVersion groupVersion, String kind, String type, String suffix) {}

  private final Dialect dialect;
  private final SchemaWriter schemas;
  private final ObjectNode paths = NODES.objectNode();

  PathWriter(Dialect dialect, SchemaWriter schemas) {
    this.dialect = dialect;
    this.schemas = schemas;
  }

  ObjectNode paths() {
    return paths;
  }

  void add(ResourceType resource) {
    GroupVersion version = resource.groupVersion();
    String root = (version.group().isEmpty() ? "/api/" : "/apis/") + version.apiVersion() + "/";
    String collection =
        root + (resource.namespaced() ? "namespaces/{namespace}/" : "") + resource.plural();
    String scope = resource.namespaced() ? "Namespaced" : "";
    Subject subject =
        new Subject(
            resource, version, resource.kind(), resource.typeName(), scope + resource.kind());
    collection(collection, subject);
    item(collection + "/{name}", subject);
    if (resource.namespaced() && resource.verbs().contains("list")) {
      operation(
          root + resource.plural(),
          LIST,
          new Subject(
              resource,
              version,
              resource.kind(),
              resource.typeName(),
              resource.kind() + "ForAllNamespaces"));
    }
    resource
        .subresources()
        .values()
        .forEach(sub -> subresource(collection + "/{name}/" + sub.name(), resource, scope, sub));
  }

  private void collection(String path, Subject subject) {
    when(subject, "list", path, LIST);
    when(subject, "create", path, CREATE);
    when(subject, "deletecollection", path, DELETE_ALL);
  }

  private void item(String path, Subject subject) {
    when(subject, "get", path, GET);
    when(subject, "update", path, UPDATE);
    when(subject, "patch", path, PATCH);
    when(subject, "delete", path, DELETE);
  }

  private void when(Subject subject, String verb, String path, Action action) {
    if (subject.resource.verbs().contains(verb)) {
      operation(path, action, subject);
    }
  }

  private void subresource(String path, ResourceType resource, String scope, Subresource sub) {
    String word = sub.name().substring(0, 1).toUpperCase(Locale.ROOT) + sub.name().substring(1);
    String suffix = scope + resource.kind() + word;
    if (sub.connect()) {
      operation(path, CONNECT, new Subject(resource, sub.groupVersion(), sub.kind(), "", suffix));
      return;
    }
    boolean own = sub.kind().equals(resource.kind());
    String type =
        own ? resource.typeName() : Target.of(sub.groupVersion(), sub.kind()).type().name();
    Subject subject = new Subject(resource, sub.groupVersion(), sub.kind(), type, suffix);
    for (String verb : List.of("get", "create", "update", "patch")) {
      if (sub.verbs().contains(verb)) {
        operation(path, action(verb), subject);
      }
    }
  }

  private static Action action(String verb) {
    return switch (verb) {
      case "get" -> GET;
      case "create" -> CREATE;
      case "update" -> UPDATE;
      default -> PATCH;
    };
  }

  private void operation(String path, Action action, Subject subject) {
    ObjectNode item = paths.get(path) instanceof ObjectNode known ? known : newPath(path);
    ObjectNode operation = item.putObject(action.method);
    String group = groupWord(subject.resource.group());
    operation.putArray("tags").add(tag(subject.resource.groupVersion()));
    operation.put(
        "operationId", action.word + group + word(subject.resource.version()) + subject.suffix);
    parameters(operation, action);
    if (action.equals(LIST) && subject.resource.qualifiedName().equals("changes.shiplog.dev")) {
      changeParameters((ArrayNode) operation.get("parameters"));
    }
    body(operation, action, subject);
    responses(operation, action, subject);
    operation.put("x-kubernetes-action", action.name);
    operation
        .putObject("x-kubernetes-group-version-kind")
        .put("group", subject.groupVersion.group())
        .put("version", subject.groupVersion.version())
        .put("kind", subject.kind);
  }

  private ObjectNode newPath(String path) {
    ObjectNode item = paths.putObject(path);
    ArrayNode parameters = NODES.arrayNode();
    for (String name : List.of("name", "namespace")) {
      if (path.contains("{" + name + "}")) {
        parameter(parameters, name, "path", "string").put("required", true);
      }
    }
    parameter(parameters, "pretty", "query", "string");
    item.set("parameters", parameters);
    return item;
  }

  private void parameters(ObjectNode operation, Action action) {
    ArrayNode parameters = operation.putArray("parameters");
    switch (action.name) {
      case "list", "deletecollection" -> {
        for (String name :
            List.of("labelSelector", "fieldSelector", "continue", "resourceVersion")) {
          parameter(parameters, name, "query", "string");
        }
        parameter(parameters, "resourceVersionMatch", "query", "string");
        parameter(parameters, "limit", "query", "integer");
        parameter(parameters, "timeoutSeconds", "query", "integer");
        if (action.name.equals("list")) {
          parameter(parameters, "watch", "query", "boolean");
          parameter(parameters, "allowWatchBookmarks", "query", "boolean");
          parameter(parameters, "sendInitialEvents", "query", "boolean");
        }
      }
      case "post", "put", "patch" -> {
        parameter(parameters, "dryRun", "query", "string");
        parameter(parameters, "fieldManager", "query", "string");
        parameter(parameters, "fieldValidation", "query", "string");
      }
      case "delete" -> {
        parameter(parameters, "dryRun", "query", "string");
        parameter(parameters, "gracePeriodSeconds", "query", "integer");
        parameter(parameters, "propagationPolicy", "query", "string");
      }
      default -> {} // get and connect have none of their own
    }
    if (parameters.isEmpty()) {
      operation.remove("parameters");
    }
  }

  private void changeParameters(ArrayNode parameters) {
    CHANGE_PARAMETERS.forEach(
        (name, text) -> parameter(parameters, name, "query", "string").put("description", text));
  }

  private ObjectNode parameter(ArrayNode parameters, String name, String in, String type) {
    ObjectNode parameter = parameters.addObject().put("name", name).put("in", in);
    if (dialect == Dialect.V3) {
      parameter.putObject("schema").put("type", type).put("uniqueItems", true);
    } else {
      parameter.put("type", type).put("uniqueItems", true);
    }
    return parameter;
  }

  private void body(ObjectNode operation, Action action, Subject subject) {
    String type =
        switch (action.name) {
          case "post", "put" -> subject.type;
          case "patch" -> META + "Patch";
          case "delete", "deletecollection" -> META + "DeleteOptions";
          default -> "";
        };
    if (type.isEmpty()) {
      return;
    }
    boolean patch = action.name.equals("patch");
    List<String> mediaTypes = patch ? patches(subject) : List.of("*/*");
    if (dialect == Dialect.V3) {
      ObjectNode content = operation.putObject("requestBody").putObject("content");
      mediaTypes.forEach(m -> content.putObject(m).set("schema", schemas.reference(type)));
    } else {
      ArrayNode consumes = operation.putArray("consumes");
      mediaTypes.forEach(consumes::add);
      ArrayNode parameters =
          operation.get("parameters") instanceof ArrayNode known
              ? known
              : operation.putArray("parameters");
      parameters
          .addObject()
          .put("name", "body")
          .put("in", "body")
          .put("required", !action.name.startsWith("delete"))
          .set("schema", schemas.reference(type));
    }
  }

  /** Clients choose how to patch by this list, and custom resources have no merge keys. */
  private static List<String> patches(Subject subject) {
    return subject.resource.custom().isEmpty()
        ? PATCHES
        : PATCHES.stream().filter(type -> !type.equals(STRATEGIC_MERGE)).toList();
  }

  private void responses(ObjectNode operation, Action action, Subject subject) {
    String type =
        switch (action.name) {
          case "list" -> listType(subject);
          case "delete", "deletecollection" -> META + "Status";
          default -> subject.type;
        };
    if (dialect == Dialect.V2) {
      operation.putArray("produces").add("application/json").add("application/yaml");
      operation.putArray("schemes").add("https");
    }
    ObjectNode responses = operation.putObject("responses");
    response(responses, "200", "OK", type);
    if (action.name.equals("post")) {
      response(responses, "201", "Created", type);
    }
    responses.putObject("401").put("description", "Unauthorized");
  }

  private void response(ObjectNode responses, String code, String text, String type) {
    ObjectNode response = responses.putObject(code).put("description", text);
    if (dialect == Dialect.V3) {
      ObjectNode content = response.putObject("content");
      ObjectNode schema = type.isEmpty() ? string() : schemas.reference(type);
      content.putObject("application/json").set("schema", schema);
    } else {
      response.set("schema", type.isEmpty() ? string() : schemas.reference(type));
    }
  }

  private static ObjectNode string() {
    return NODES.objectNode().put("type", "string");
  }

  /** A resource without a list of its own kind answers with plain objects. */
  private String listType(Subject subject) {
    String list = subject.type + "List";
    return schemas.has(list) ? list : subject.type;
  }

  private static String tag(GroupVersion version) {
    String group = version.group().isEmpty() ? "core" : firstLabel(version.group());
    return group + "_" + version.version();
  }

  private static String groupWord(String group) {
    return word(group.isEmpty() ? "core" : firstLabel(group));
  }

  private static String firstLabel(String group) {
    return group.split("\\.", 2)[0];
  }

  private static String word(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
