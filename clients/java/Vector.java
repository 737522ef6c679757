import java.util.HexFormat;

/** Prints the header for a vector of clients/vectors.json: the arguments are its members in their order. */
class Vector {
  public static void main(String[] vector) throws Exception {
    System.out.println(Signing.authorization(vector[0], vector[1], vector[2], vector[3],
        HexFormat.of().parseHex(vector[4]), Long.parseLong(vector[5])));
  }
}
