"""XPath, XSLT, HTML, schemas, files and errors."""

from lxml import etree, html

SHEET = """<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:math="http://exslt.org/math" exclude-result-prefixes="math">
  <xsl:template match="/"><o n="{count(//a)}"><xsl:value-of select="math:max(//a/@x)"/></o></xsl:template>
</xsl:stylesheet>"""

SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="r"><xs:complexType><xs:sequence>
    <xs:element name="a" type="xs:integer" maxOccurs="2"/></xs:sequence></xs:complexType></xs:element>
</xs:schema>"""


def check():
    root = etree.fromstring("<r><a x='1'>t</a><b/><a x='12'>ü</a></r>")
    assert root.xpath("//a[@x > $least]/@x", least=5) == ["12"]
    assert etree.tostring(root, encoding="iso-8859-1").endswith("ü</a></r>".encode("latin-1"))

    sheet = etree.XSLT(etree.fromstring(SHEET))
    assert etree.tostring(sheet(root)) == b'<o n="2">12</o>'

    page = html.fromstring("<p>x<b>y<td class=c>z")
    assert page.text_content() == "xyz" and page.xpath("//*[@class='c']")

    schema = etree.XMLSchema(etree.fromstring(SCHEMA))
    assert schema.validate(etree.fromstring("<r><a>1</a></r>"))
    assert not schema.validate(etree.fromstring("<r><a>one</a></r>"))
    assert "xs:integer" in str(schema.error_log.last_error)

    write("/tmp/r.dtd", "<!ELEMENT r (#PCDATA)>")
    write("/tmp/r.xml", "<!DOCTYPE r SYSTEM 'r.dtd'><r>t</r>")
    etree.parse("/tmp/r.xml", etree.XMLParser(dtd_validation=True)).write("/tmp/copy.xml")
    assert etree.parse("/tmp/copy.xml").getroot().text == "t"

    try:
        etree.fromstring("<r><a></r>")
        raise AssertionError("malformed XML was accepted")
    except etree.XMLSyntaxError as error:
        assert error.lineno == 1 and "mismatch" in str(error)
    try:
        root.xpath("//a[")
        raise AssertionError("a malformed expression was accepted")
    except etree.XPathError:
        pass
    try:
        etree.XSLT(etree.fromstring("<r/>"))
        raise AssertionError("a document that is no stylesheet was accepted")
    except etree.XSLTParseError:
        pass


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
