package dev.shiplog.api.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a request path names. */
sealed interface ApiPath {

  /** Something that is no resource: discovery, health, or nothing at all. */
  record Other(String path, List<String> segments) implements ApiPath {}

  /**
   * A resource or a part of one.
   *
   * @param group empty for core
   * @param resource plural
   * @param namespace empty for all, or where there are none
   * @param name empty for all
   * @param subresource may be empty
   * @param rest what follows the subresource, of proxies; without a leading slash
   * @param watch whether the path is one of the old ones that only watch
   */
  record Resource(
      String group,
      String version,
      String resource,
      String namespace,
      String name,
      String subresource,
      String rest,
      boolean watch)
      implements ApiPath {}

  /** Subresources of the resource namespaces; anything else there is a resource in a namespace. */
  Set<String> OF_NAMESPACES = Set.of("status", "finalize");

  /**
   * Reads a path. Segments are decoded one by one, so an encoded slash never makes a new one.
   *
   * @return empty if it can name nothing: it has empty or dotted segments, or is wrongly encoded
   */
  static Optional<ApiPath> parse(String path) {
    Optional<List<String>> parts = segments(path);
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    List<String> segments = parts.get();
    if (segments.size() >= 3 && segments.getFirst().equals("api")) {
      return Optional.of(resource("", segments.get(1), segments.subList(2, segments.size())));
    }
    if (segments.size() >= 4 && segments.getFirst().equals("apis")) {
      return Optional.of(
          resource(segments.get(1), segments.get(2), segments.subList(3, segments.size())));
    }
    return Optional.of(new Other(path, segments));
  }

  private static ApiPath resource(String group, String version, List<String> segments) {
    boolean watch = segments.size() > 1 && segments.getFirst().equals("watch");
    List<String> rest = watch ? segments.subList(1, segments.size()) : segments;
    boolean inNamespace =
        rest.size() > 2
            && rest.getFirst().equals("namespaces")
            && !(rest.size() == 3 && OF_NAMESPACES.contains(rest.get(2)));
    return inNamespace
        ? resource(group, version, rest.get(1), rest.subList(2, rest.size()), watch)
        : resource(group, version, "", rest, watch);
  }

  private static ApiPath resource(
      String group, String version, String namespace, List<String> segments, boolean watch) {
    return new Resource(
        group,
        version,
        segments.getFirst(),
        namespace,
        at(segments, 1),
        at(segments, 2),
        segments.size() > 3 ? String.join("/", segments.subList(3, segments.size())) : "",
        watch);
  }

  private static String at(List<String> segments, int index) {
    return index < segments.size() ? segments.get(index) : "";
  }

  private static Optional<List<String>> segments(String path) {
    List<String> segments = new ArrayList<>(8);
    int start = 1;
    while (start < path.length()) {
      int end = path.indexOf('/', start);
      end = end < 0 ? path.length() : end;
      String segment = PercentCoding.decode(path.substring(start, end));
      if (segment == null || segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return Optional.empty();
      }
      segments.add(segment);
      start = end + 1;
    }
    return Optional.of(segments);
  }
}
