package dev.shiplog.api.http;

import dev.shiplog.api.http.Representation.Form;
import dev.shiplog.api.schema.decoding.Syntax;
import dev.shiplog.api.schema.protobuf.ProtobufBody;
import dev.shiplog.api.status.ApiFailure;
import dev.shiplog.api.status.Failures;
import dev.shiplog.api.status.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the representation for an {@code Accept} header: the first of the best weight that is
 * offered. Clients send few different headers, so what came of one is kept.
 */
final class Negotiation {

  private static final int KEPT_HEADERS = 512;
  private static final int LONGEST_KEPT = 512;
  private static final Map<Asked, Representation> KEPT = new ConcurrentHashMap<>();

  private Negotiation() {}

  private record Asked(String accept, boolean protobuf) {}

  /**
   * The representation.
   *
   * @param accept null for anything
   * @param protobuf whether there is a message for what is asked for
   * @throws ApiFailure {@code NotAcceptable}
   */
  static Representation of(String accept, boolean protobuf) {
    if (accept == null || accept.isBlank() || accept.equals("*/*")) {
      return Representation.JSON;
    }
    Representation known = KEPT.get(new Asked(accept, protobuf));
    if (known != null) {
      return known;
    }
    Representation found =
        ranges(accept).stream()
            .map(range -> offered(range, protobuf))
            .flatMap(Optional::stream)
            .findFirst()
            .orElseThrow(() -> notAcceptable(protobuf));
    if (KEPT.size() < KEPT_HEADERS && accept.length() <= LONGEST_KEPT) {
      KEPT.put(new Asked(accept, protobuf), found);
    }
    return found;
  }

  /** Whether one of the media types is what a client would rather have than JSON. */
  static boolean prefers(String accept, List<String> types) {
    if (accept == null || accept.isBlank()) {
      return false;
    }
    for (Range range : ranges(accept)) {
      if (types.contains(range.type())) {
        return true;
      }
      if (offered(range, false).isPresent()) {
        return false;
      }
    }
    return false;
  }

  private record Range(String type, Map<String, String> parameters) {
    double weight() {
      try {
        return Double.parseDouble(parameters.getOrDefault("q", "1"));
      } catch (NumberFormatException malformed) {
        return 0;
      }
    }
  }

  private static List<Range> ranges(String accept) {
    List<Range> ranges = new ArrayList<>();
    for (String part : accept.split(",")) {
      String[] pieces = part.split(";");
      Map<String, String> parameters = new HashMap<>();
      for (int i = 1; i < pieces.length; i++) {
        String[] pair = pieces[i].split("=", 2);
        parameters.put(pair[0].strip(), pair.length > 1 ? pair[1].strip() : "");
      }
      if (pieces.length > 0 && !pieces[0].isBlank()) {
        ranges.add(new Range(pieces[0].strip(), parameters));
      }
    }
    ranges.removeIf(range -> range.weight() <= 0);
    ranges.sort(Comparator.comparingDouble(Range::weight).reversed());
    return ranges;
  }

  private static Optional<Representation> offered(Range range, boolean protobuf) {
    Syntax syntax =
        switch (range.type()) {
          case "application/json", "application/*", "*/*" -> Syntax.JSON;
          case "application/yaml" -> Syntax.YAML;
          case ProtobufBody.MEDIA_TYPE -> protobuf ? Syntax.PROTOBUF : null;
          default -> null;
        };
    if (syntax == null) {
      return Optional.empty();
    }
    String version = range.parameters().getOrDefault("v", "v1");
    return switch (range.parameters().getOrDefault("as", "")) {
      case "" -> Optional.of(Representation.of(Form.OBJECT, syntax, "v1"));
      case "Table" ->
          syntax == Syntax.PROTOBUF ? Optional.empty() : meta(Form.TABLE, syntax, version, range);
      case "PartialObjectMetadata", "PartialObjectMetadataList" ->
          meta(Form.PARTIAL_METADATA, syntax, version, range);
      case "APIGroupDiscoveryList" ->
          range.parameters().getOrDefault("g", "").equals("apidiscovery.k8s.io")
                  && version.equals("v2")
              ? Optional.of(Representation.ofDiscovery(syntax, version))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<Representation> meta(
      Form form, Syntax syntax, String version, Range range) {
    boolean known =
        range.parameters().getOrDefault("g", "").equals("meta.k8s.io")
            && (version.equals("v1") || version.equals("v1beta1"));
    return known ? Optional.of(Representation.of(form, syntax, version)) : Optional.empty();
  }

  static ApiFailure notAcceptable(boolean protobuf) {
    return Failures.failure(
        Reason.NOT_ACCEPTABLE,
        "only the following media types are accepted: application/json, application/yaml"
            + (protobuf ? ", " + ProtobufBody.MEDIA_TYPE : ""),
        null);
  }
}
