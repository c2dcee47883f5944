package dev.shiplog.agent.containerd;

import dev.shiplog.agent.containerd.cri.Cri;
import dev.shiplog.agent.runtime.StreamRequest.Attach;
import dev.shiplog.agent.runtime.StreamRequest.Exec;
import dev.shiplog.agent.runtime.StreamRequest.PortForward;

/** Streams as CRI asks for them. */
final class StreamMessages {

  private StreamMessages() {}

  static Cri.ExecRequest exec(Exec exec) {
    return Cri.ExecRequest.newBuilder()
        .setContainerId(exec.containerId())
        .addAllCmd(exec.command())
        .setTty(exec.ends().tty())
        .setStdin(exec.ends().stdin())
        .setStdout(exec.ends().stdout())
        .setStderr(exec.ends().stderr())
        .build();
  }

  static Cri.AttachRequest attach(Attach attach) {
    return Cri.AttachRequest.newBuilder()
        .setContainerId(attach.containerId())
        .setTty(attach.ends().tty())
        .setStdin(attach.ends().stdin())
        .setStdout(attach.ends().stdout())
        .setStderr(attach.ends().stderr())
        .build();
  }

  static Cri.PortForwardRequest portForward(PortForward forward) {
    return Cri.PortForwardRequest.newBuilder()
        .setPodSandboxId(forward.sandboxId())
        .addAllPort(forward.ports())
        .build();
  }
}
