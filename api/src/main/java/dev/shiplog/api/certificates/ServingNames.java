package dev.shiplog.api.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.store.ObjectKey;
import dev.shiplog.api.store.Snapshot;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.catalogue.StorageResource;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * Under which names a node may serve: its own, and what its registered status says it is reached
 * at, as long as no other node says the same. Otherwise a node could be taken for another one. Any
 * thread.
 */
public final class ServingNames {

  private static final StorageResource NODES = StorageResource.of("nodes", "");

  private final Supplier<Snapshot> state;

  public ServingNames(Supplier<Snapshot> state) {
    this.state = state;
  }

  /** Whether all of the names are the node's. */
  boolean areOf(String node, GeneralNames names) {
    Snapshot now = state.get();
    Set<String> own =
        now.get(new ObjectKey(NODES, "", node))
            .map(StoredObject::tree)
            .map(ServingNames::addresses)
            .orElseGet(HashSet::new);
    if (own.isEmpty()) {
      return false;
    }
    own.add(node);
    Iterator<StoredObject> all = now.list(NODES, "", "");
    while (all.hasNext()) {
      StoredObject other = all.next();
      if (!other.key().name().equals(node)) {
        own.remove(other.key().name());
        own.removeAll(shared(other.tree()));
      }
    }
    for (GeneralName name : names.getNames()) {
      if (!own.contains(text(name))) {
        return false;
      }
    }
    return true;
  }

  /** Loopback leads to the same machine whoever says it, so several nodes may be there. */
  private static Set<String> shared(JsonNode other) {
    Set<String> addresses = addresses(other);
    addresses.removeIf(address -> address.startsWith("127.") || address.equals("::1"));
    return addresses;
  }

  private static Set<String> addresses(JsonNode node) {
    Set<String> addresses = new HashSet<>();
    node.at("/status/addresses").forEach(one -> addresses.add(one.path("address").asText()));
    return addresses;
  }

  private static String text(GeneralName name) {
    if (name.getTagNo() != GeneralName.iPAddress) {
      return name.getName().toString();
    }
    try {
      byte[] octets = ASN1OctetString.getInstance(name.getName()).getOctets();
      return InetAddress.getByAddress(octets).getHostAddress();
    } catch (UnknownHostException notAnAddress) {
      return "";
    }
  }
}
