package dev.shiplog.agent.identity;

import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * A certificate that a node wants.
 *
 * @param signer who is to sign it, by its signerName
 * @param node for which node
 * @param usages what it is to be used for
 * @param hosts host names that it is to serve under
 * @param addresses and addresses
 */
public record Wanted(
    String signer, String node, List<String> usages, List<String> hosts, List<String> addresses) {

  private static final String SIGNATURE = "digital signature";

  /** To show the API server who the node is. */
  public static Wanted client(String node) {
    return new Wanted(
        "kubernetes.io/kube-apiserver-client-kubelet",
        node,
        List.of(SIGNATURE, "client auth"),
        List.of(),
        List.of());
  }

  /** To be known by the API server when it asks the node. */
  public static Wanted serving(String node, List<String> addresses) {
    return new Wanted(
        "kubernetes.io/kubelet-serving",
        node,
        List.of(SIGNATURE, "server auth"),
        List.of(node),
        addresses);
  }

  /** Kubernetes' name and group of a node. */
  X500Name subject() {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, "system:nodes")
        .addRDN(BCStyle.CN, "system:node:" + node)
        .build();
  }

  GeneralName[] alternativeNames() {
    GeneralName[] names = new GeneralName[hosts.size() + addresses.size()];
    int next = 0;
    for (String host : hosts) {
      names[next++] = new GeneralName(GeneralName.dNSName, host);
    }
    for (String address : addresses) {
      names[next++] = new GeneralName(GeneralName.iPAddress, address);
    }
    return names;
  }
}
