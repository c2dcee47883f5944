package dev.shiplog.standalone.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.standalone.StartFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The kinds that a cluster serves, as discovery says. One thread. */
public final class Kinds {

  private final ClusterApi api;
  private final Map<String, List<Kind>> byVersion = new HashMap<>();

  public Kinds(ClusterApi api) {
    this.api = api;
  }

  /**
   * A kind.
   *
   * @param group empty for the core group
   */
  public record Kind(
      String group,
      String version,
      String plural,
      String singular,
      String kind,
      boolean namespaced,
      List<String> shortNames) {

    boolean isNamed(String name) {
      return plural.equals(name)
          || singular.equals(name)
          || kind.toLowerCase(Locale.ROOT).equals(name)
          || shortNames.contains(name)
          || (plural + "." + group).equals(name)
          || (plural + "." + version + "." + group).equals(name);
    }

    /** The path of all objects. */
    public String path() {
      return (group.isEmpty() ? "/api/v1" : "/apis/" + group + "/" + version) + "/" + plural;
    }

    /** The path of an object. */
    public String path(String namespace, String name) {
      String root = group.isEmpty() ? "/api/v1" : "/apis/" + group + "/" + version;
      return root + (namespaced ? "/namespaces/" + namespace : "") + "/" + plural + "/" + name;
    }
  }

  /**
   * The kind that a person means by a plural, a singular, a kind or a short name, perhaps with its
   * group.
   *
   * @throws StartFailure if there is none
   */
  public Kind named(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    for (String version : versions()) {
      Optional<Kind> found = in(version).stream().filter(kind -> kind.isNamed(name)).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new StartFailure(
        "the cluster has no resource \"" + text + "\"; 'kubectl api-resources' lists what it has");
  }

  /**
   * The kind of an object.
   *
   * @throws StartFailure if there is none
   */
  public Kind of(String apiVersion, String kind) {
    return in(apiVersion).stream()
        .filter(known -> known.kind().equals(kind))
        .findFirst()
        .orElseThrow(() ->
            new StartFailure(
                "the cluster has no kind \"" + kind + "\" in version \"" + apiVersion + "\""));
  }

  private List<String> versions() {
    List<String> versions = new ArrayList<>(List.of("v1"));
    for (JsonNode group : api.get("/apis").path("groups")) {
      versions.add(group.at("/preferredVersion/groupVersion").asText());
    }
    return versions;
  }

  private List<Kind> in(String apiVersion) {
    return byVersion.computeIfAbsent(apiVersion, this::read);
  }

  private List<Kind> read(String apiVersion) {
    List<Kind> kinds = new ArrayList<>();
    try {
      String path = apiVersion.contains("/") ? "/apis/" + apiVersion : "/api/" + apiVersion;
      for (JsonNode resource : api.get(path).path("resources")) {
        if (!resource.path("name").asText().contains("/")) {
          kinds.add(kind(apiVersion, resource));
        }
      }
    } catch (ClusterApi.Refusal refusal) {
      if (refusal.code() != 404) {
        throw refusal;
      }
    }
    return kinds;
  }

  private static Kind kind(String apiVersion, JsonNode resource) {
    int slash = apiVersion.indexOf('/');
    List<String> shortNames = new ArrayList<>();
    resource.path("shortNames").forEach(name -> shortNames.add(name.asText()));
    return new Kind(
        slash < 0 ? "" : apiVersion.substring(0, slash),
        apiVersion.substring(slash + 1),
        resource.path("name").asText(),
        resource.path("singularName").asText(),
        resource.path("kind").asText(),
        resource.path("namespaced").asBoolean(),
        shortNames);
  }
}
