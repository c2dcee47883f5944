package dev.shiplog.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The custom resources that suites bring along; each gives them a group of its own. */
final class Definitions {

  private Definitions() {}

  /** The definition of ships in a group, as YAML, under another name: {@code boat}. */
  static String of(String group, String name) {
    String kind = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    return ships(group)
        .replace("ship", name)
        .replace("Ship", kind)
        .replace("shp", name.substring(0, 2))
        .replace("fleet", name + "fleet");
  }

  /** The definition of ships in a group, as YAML. */
  static String ships(String group) {
    try (InputStream file = Definitions.class.getResourceAsStream("/crds/ships.yaml")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .replace("sea.example.com", group);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Defines ships in a group and waits until they are served. */
  static void define(Kubectl kubectl, String group) {
    define(kubectl, group, "ship");
  }

  static void define(Kubectl kubectl, String group, String name) {
    kubectl.apply(name.equals("ship") ? ships(group) : of(group, name));
    kubectl.ok("wait --for=condition=Established --timeout=60s crd/" + name + "s." + group);
  }

  /** A ship, as YAML. */
  static String ship(String group, String name, String spec) {
    return """
    apiVersion: %s/v1
    kind: Ship
    metadata: {name: %s}
    spec: %s
    """
        .formatted(group, name, spec);
  }
}
