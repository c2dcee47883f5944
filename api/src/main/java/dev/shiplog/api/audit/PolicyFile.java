package dev.shiplog.api.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;

/**
 * A {@code Policy} of {@code audit.k8s.io/v1} as it is written. A field that Kubernetes does not
 * have is refused.
 */
record PolicyFile(
    String apiVersion,
    String kind,
    JsonNode metadata,
    List<String> omitStages,
    boolean omitManagedFields,
    List<Rule> rules) {

  private static final ObjectMapper YAML =
      YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  PolicyFile {
    omitStages = orEmpty(omitStages);
    rules = orEmpty(rules);
  }

  /** What a request must be for a level; an empty list says nothing. */
  record Rule(
      String level,
      List<String> users,
      List<String> userGroups,
      List<String> verbs,
      List<Resources> resources,
      List<String> namespaces,
      List<String> nonResourceURLs,
      List<String> omitStages,
      Boolean omitManagedFields) {

    Rule {
      users = orEmpty(users);
      userGroups = orEmpty(userGroups);
      verbs = orEmpty(verbs);
      resources = orEmpty(resources);
      namespaces = orEmpty(namespaces);
      nonResourceURLs = orEmpty(nonResourceURLs);
      omitStages = orEmpty(omitStages);
    }
  }

  /** Resources of a group; none: all of it. */
  record Resources(String group, List<String> resources, List<String> resourceNames) {

    Resources {
      group = group == null ? "" : group;
      resources = orEmpty(resources);
      resourceNames = orEmpty(resourceNames);
    }
  }

  /**
   * Reads a policy.
   *
   * @throws IOException if it is none
   */
  static PolicyFile parse(String text) throws IOException {
    try {
      PolicyFile read = YAML.readValue(text, PolicyFile.class);
      if (read == null
          || !"Policy".equals(read.kind())
          || !"audit.k8s.io/v1".equals(read.apiVersion())) {
        throw new IOException("this is no Policy of audit.k8s.io/v1");
      }
      if (read.rules().isEmpty()) {
        throw new IOException("a policy without rules would write nothing");
      }
      return read;
    } catch (JsonProcessingException e) {
      throw new IOException(e.getOriginalMessage(), e);
    }
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }
}
