package org.fwreplay.ipset;

/** An element of a hash type. */
final class HashEntry extends Entry {
  /** As the kernel lays it out; see {@link KeyLayout}. */
  final int[] key;

  /** Whether it is a member; a slot that was freed keeps its counters for who comes next. */
  boolean used = true;

  boolean nomatch;
  String iface = "";
  boolean wildcard;

  HashEntry(int size) {
    key = new int[size];
  }

  void take(int[] words, Element element) {
    System.arraycopy(words, 0, key, 0, key.length);
    iface = element.iface;
    wildcard = element.wildcard;
    used = true;
  }

  boolean hasKey(int[] words) {
    for (int i = 0; i < key.length; i++) {
      if (key[i] != words[i]) {
        return false;
      }
    }
    return true;
  }

  boolean hasIface(String name) {
    return wildcard ? name.startsWith(iface) : iface.equals(name);
  }

  HashEntry copy() {
    HashEntry copy = new HashEntry(key.length);
    System.arraycopy(key, 0, copy.key, 0, key.length);
    copy.used = used;
    copy.nomatch = nomatch;
    copy.iface = iface;
    copy.wildcard = wildcard;
    copy.copyExtras(this);
    return copy;
  }
}
