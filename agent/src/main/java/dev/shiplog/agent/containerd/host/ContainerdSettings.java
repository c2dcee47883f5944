package dev.shiplog.agent.containerd.host;

import dev.shiplog.agent.containerd.image.PauseImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configuration file of a containerd of our own, in the form versions 1 and 2 both read. */
final class ContainerdSettings {

  private ContainerdSettings() {}

  static String text(ContainerdLayout layout, Programs programs, String snapshotter) {
    return """
    # Written by Shiplog at each start.
    version = 2
    root = %1$s
    state = %2$s

    [debug]
      # At level info each pod makes dozens of lines.
      level = "warn"

    [grpc]
      address = %3$s

    [plugins."io.containerd.internal.v1.opt"]
      path = %4$s

    [plugins."io.containerd.grpc.v1.cri"]
      sandbox_image = %5$s
      # Without the right to lower it (CAP_SYS_RESOURCE) no sandbox starts otherwise.
      restrict_oom_score_adj = true
      # Where nobody else's are, so that those it forgets can be told.
      netns_mounts_under_state_dir = true
      # Where exec, attach and port-forward are streamed from: this machine only.
      stream_server_address = "127.0.0.1"
      stream_server_port = "0"

      [plugins."io.containerd.grpc.v1.cri".cni]
        bin_dir = %6$s
        conf_dir = %7$s
        max_conf_num = 1

      [plugins."io.containerd.grpc.v1.cri".containerd]
        snapshotter = %8$s

        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
          runtime_type = "io.containerd.runc.v2"

          [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
            BinaryName = %9$s
            # cgroups are made as files: this works with and without systemd.
            SystemdCgroup = false
    """
        .formatted(
            quoted(layout.root()),
            quoted(layout.state()),
            quoted(layout.socket()),
            quoted(layout.optional()),
            quoted(PauseImage.REFERENCE),
            quoted(programs.cniDirectory()),
            quoted(layout.networkDirectory()),
            quoted(snapshotter),
            quoted(programs.runc()));
  }

  /** overlayfs cannot lie on overlayfs, as it would in a container. */
  static String snapshotterFor(Path directory) throws IOException {
    return Files.getFileStore(directory).type().equals("overlay") ? "native" : "overlayfs";
  }

  private static String quoted(Object text) {
    return '"' + text.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
