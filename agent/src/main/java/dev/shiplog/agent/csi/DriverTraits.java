package dev.shiplog.agent.csi;

import dev.shiplog.agent.container.PodConfigException;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.CSIDriverSpec;
import io.fabric8.kubernetes.api.model.storage.TokenRequest;
import java.util.List;
import java.util.Optional;

/** What a driver wants of a node, by its CSIDriver object, with Kubernetes' defaults. */
final class DriverTraits {

  private static final String PERSISTENT = "Persistent";
  private static final String EPHEMERAL = "Ephemeral";

  private final String name;
  private final boolean known;
  private final CSIDriverSpec spec;

  DriverTraits(String name, Optional<CSIDriver> object) {
    this.name = name;
    known = object.isPresent();
    spec = object.map(CSIDriver::getSpec).orElseGet(CSIDriverSpec::new);
  }

  boolean attachRequired() {
    return !Boolean.FALSE.equals(spec.getAttachRequired());
  }

  boolean podInfoOnMount() {
    return Boolean.TRUE.equals(spec.getPodInfoOnMount());
  }

  boolean requiresRepublish() {
    return Boolean.TRUE.equals(spec.getRequiresRepublish());
  }

  List<TokenRequest> tokenRequests() {
    return spec.getTokenRequests() == null ? List.of() : spec.getTokenRequests();
  }

  /** Refuses a kind of volume that the driver does not offer. */
  void requireMode(CsiVolume volume) {
    String mode = volume.isEphemeral() ? EPHEMERAL : PERSISTENT;
    List<String> modes =
        spec.getVolumeLifecycleModes() == null || spec.getVolumeLifecycleModes().isEmpty()
            ? List.of(PERSISTENT)
            : spec.getVolumeLifecycleModes();
    if (!modes.contains(mode)) {
      throw new PodConfigException(
          "volume mode \"%s\" not supported by driver %s (%s)"
              .formatted(mode, name, known ? "only supports " + modes : "no CSIDriver object"));
    }
  }

  /** Whether the agent gives what is in the volume to the pod's group. */
  boolean givesToGroup(CsiVolume volume) {
    String policy = spec.getFsGroupPolicy() == null ? "" : spec.getFsGroupPolicy();
    return !volume.readOnly()
        && !volume.isBlockDevice()
        && switch (policy) {
          case "None" -> false;
          case "File" -> true;
          default -> !volume.fsType().isEmpty() && isWrittenByOneNode(volume);
        };
  }

  private static boolean isWrittenByOneNode(CsiVolume volume) {
    return volume
        .claim()
        .map(claimed ->
            claimed.volume().getSpec().getAccessModes().stream()
                .anyMatch(mode -> mode.startsWith("ReadWriteOnce")))
        .orElse(true);
  }
}
