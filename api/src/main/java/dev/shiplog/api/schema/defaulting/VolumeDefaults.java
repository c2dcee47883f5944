package dev.shiplog.api.schema.defaulting;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Volumes of pods. */
final class VolumeDefaults {

  /** Octal 0644. */
  private static final int FILE_MODE = 0644;

  private VolumeDefaults() {}

  static void register(DefaultRules rules) {
    rules.type("core.v1.Volume").rule(VolumeDefaults::emptyDir);
    rules.type("core.v1.SecretVolumeSource").value("defaultMode", FILE_MODE);
    rules.type("core.v1.ConfigMapVolumeSource").value("defaultMode", FILE_MODE);
    rules.type("core.v1.DownwardAPIVolumeSource").value("defaultMode", FILE_MODE);
    rules.type("core.v1.ProjectedVolumeSource").value("defaultMode", FILE_MODE);
    rules.type("core.v1.ServiceAccountTokenProjection").value("expirationSeconds", 3600);
    rules.type("core.v1.HostPathVolumeSource").value("type", "");
    rules.type("core.v1.ImageVolumeSource").rule(VolumeDefaults::imagePullPolicy);
  }

  /** A volume of which nothing is said but its name. */
  private static void emptyDir(ObjectNode volume) {
    if (volume.size() == (volume.has("name") ? 1 : 0)) {
      volume.putObject("emptyDir");
    }
  }

  private static void imagePullPolicy(ObjectNode image) {
    PodDefaults.pullPolicy(image, "reference", "pullPolicy");
  }
}
