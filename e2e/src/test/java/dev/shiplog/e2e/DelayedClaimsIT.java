package dev.shiplog.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Claims that wait for their first consumer: the pod's node decides on the volume. */
@ExtendWith(SchedulingCluster.class)
final class DelayedClaimsIT {

  private final Kubectl kubectl;

  DelayedClaimsIT(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  private void claimAndPod(String name) {
    kubectl.apply(
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: %1$s}
        spec:
          storageClassName: local
          accessModes: [ReadWriteOnce]
          resources: {requests: {storage: 1Gi}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: %1$s}
        spec:
          terminationGracePeriodSeconds: 0
          containers: [{name: c, image: busybox, volumeMounts: [{name: data, mountPath: /data}]}]
          volumes: [{name: data, persistentVolumeClaim: {claimName: %1$s}}]
        """
            .formatted(name));
  }

  private void volumeOn(String node) {
    kubectl.apply(
        """
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: disk-%1$s}
        spec:
          storageClassName: local
          capacity: {storage: 2Gi}
          accessModes: [ReadWriteOnce]
          persistentVolumeReclaimPolicy: Retain
          local: {path: /mnt/disk}
          nodeAffinity:
            required:
              nodeSelectorTerms:
              - matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [%1$s]}]
        """
            .formatted(node));
  }

  @Test
  void thePodGoesWhereAVolumeIsAndTheClaimGetsThatVolume() {
    kubectl.apply(
        """
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: local}
        provisioner: kubernetes.io/no-provisioner
        volumeBindingMode: WaitForFirstConsumer
        """);
    volumeOn("node-3");
    claimAndPod("store");
    kubectl.ok("wait --for=condition=Ready pod/store --timeout=60s");
    assertThat(kubectl.ok("get pod store -o jsonpath={.spec.nodeName}")).isEqualTo("node-3");
    assertThat(kubectl.ok("get pvc store -o jsonpath={.status.phase}/{.spec.volumeName}"))
        .isEqualTo("Bound/disk-node-3");

    claimAndPod("second");
    kubectl.await(
        "get pod second -o jsonpath={.status.conditions[?(@.type==\"PodScheduled\")].message}",
        "0/4 nodes are available: 4 node(s) didn't find available persistent volumes to bind."
            + " preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.");
    volumeOn("node-1");
    kubectl.ok("wait --for=condition=Ready pod/second --timeout=60s");
    assertThat(kubectl.ok("get pod second -o jsonpath={.spec.nodeName}")).isEqualTo("node-1");
    kubectl.ok("delete pod store second");
    kubectl.ok("delete pvc store second");
  }
}
