# Opens a workbook in LibreOffice and prints its first sheet, cells parted by "|". Arguments: port, file, pass phrase.
import sys, time, uno
from com.sun.star.beans import PropertyValue

port, path, password = sys.argv[1:4]
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
for _ in range(120):
    try:
        context = resolver.resolve("uno:socket,host=127.0.0.1,port=%s;urp;StarOffice.ComponentContext" % port)
        break
    except Exception:
        time.sleep(0.5)
else:
    sys.exit("LibreOffice does not answer")
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
values = [PropertyValue("Hidden", 0, True, 0)]
if password:
    values.append(PropertyValue("Password", 0, password, 0))
try:
    document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, tuple(values))
except Exception as problem:
    print("refused", type(problem).__name__)
    sys.exit(3)
if document is None:
    print("refused")
    sys.exit(3)
sheet = document.Sheets.getByIndex(0)
cursor = sheet.createCursor()
cursor.gotoEndOfUsedArea(False)
for row in sheet.getCellRangeByPosition(0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow).DataArray:
    print("|".join(str(cell) for cell in row))
document.close(True)
