package dev.shiplog.api.schema.validation;

import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.schema.SchemaFixtures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The cases that stand in the resources: lines of fields with bars between. */
public final class Manifests {

  private static final String TEMPLATE =
      "{metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}";
  private static final String RUN_ONCE =
      TEMPLATE.replace("spec: {", "spec: {restartPolicy: Never, ");

  private Manifests() {}

  /** The fields of each line, with the templates that T and O stand for. */
  public static List<List<String>> cases(String file) throws IOException {
    try (InputStream in = Manifests.class.getResourceAsStream("/validation/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .map(line ->
              line.replace("template: T", "template: " + TEMPLATE)
                  .replace("template: O", "template: " + RUN_ONCE))
          .map(line -> List.of(line.split(" \\| ", -1)))
          .toList();
    }
  }

  /** The resource of a path such as {@code apps/v1/deployments}. */
  public static ResourceType resource(String path) {
    return SchemaFixtures.resource(path);
  }
}
