#!/bin/sh
# Makes the certificates of this folder anew: for tests, worth nothing elsewhere. Needs OpenSSL 3. Run it inside of the folder.
set -eu
work=$(mktemp -d)
touch "$work/index.txt"
cat > "$work/ca.cnf" <<CONF
[ca]
default_ca = tests
[tests]
database = $work/index.txt
new_certs_dir = $work
default_md = sha256
policy = names
rand_serial = yes
unique_subject = no
copy_extensions = copy
[names]
commonName = supplied
[req]
distinguished_name = none
[none]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
CONF
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$1.key" 2> /dev/null; }
# sign NAME START END ARGUMENTS...
sign() {
  name=$1 start=$2 end=$3
  shift 3
  openssl ca -batch -notext -config "$work/ca.cnf" -startdate "$start" -enddate "$end" \
    -in "$work/$name.csr" -out "$work/$name.pem" "$@" 2> /dev/null
}
key ca
openssl req -new -config "$work/ca.cnf" -key "$work/ca.key" -subj "/CN=Kafka workbook tests" -out "$work/ca.csr"
sign ca 20200101000000Z 21200101000000Z -selfsign -keyfile "$work/ca.key" -extensions authority
for one in node expired client other; do
  key $one
  case $one in
    other) names=DNS:elsewhere.example ;;
    *) names=DNS:localhost,IP:127.0.0.1,IP:::1 ;;
  esac
  case $one in
    expired) end=20210101000000Z ;;
    *) end=21200101000000Z ;;
  esac
  openssl req -new -config "$work/ca.cnf" -key "$work/$one.key" -subj "/CN=$one" -addext "subjectAltName=$names" \
    -out "$work/$one.csr"
  sign $one 20200101000000Z $end -cert "$work/ca.pem" -keyfile "$work/ca.key"
  cat "$work/$one.key" "$work/$one.pem" > $one.pem
done
cp "$work/ca.pem" ca.pem
openssl pkcs12 -export -inkey "$work/client.key" -in "$work/client.pem" -passout pass:open -out client.p12
rm -r "$work"
