-- Answers of a survey for wrk: each from an address of its own, under an id of its own. What the server acknowledged
-- is written down, id by id. Arguments: folder, token's path, stamp of the form, edition, form's questions (comma).
local number = 0

function setup(thread)
  number = number + 1
  thread:set("which", number)
end

function init(args)
  folder, path, stamp, edition = args[1], args[2], args[3], args[4]
  questions = {}
  for name in string.gmatch(args[5], "[^,]+") do questions[#questions + 1] = name end
  math.randomseed(os.time() * 1000 + which * 7919)
  for _ = 1, 10 do math.random() end
  file = io.open(folder .. "/acknowledged-" .. which .. "-" .. os.time() .. ".txt", "w")
  file:setvbuf("line")
end

local function drawn()
  return (string.gsub("xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx", "x", function()
    return string.format("%x", math.random(0, 15))
  end))
end

function request()
  local parts = { "id=" .. drawn(), "edition=" .. edition, "opened=" .. stamp, "lang=vi" }
  for _, name in ipairs(questions) do
    if math.random() < 0.95 then parts[#parts + 1] = "q_" .. name .. "=" .. math.random(1, 5) end
  end
  parts[#parts + 1] = "q_overall=" .. math.random(1, 5)
  if math.random() < 0.1 then parts[#parts + 1] = "q_wish=Ch%E1%BB%9D+l%C3%A2u+qu%C3%A1" end
  local headers = {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["Accept"] = "application/json",
    ["X-Forwarded-Proto"] = "https",
    ["X-Forwarded-For"] = math.random(1, 223) .. "." .. math.random(0, 255) .. "." .. math.random(0, 255) .. "." .. math.random(1, 254),
  }
  return wrk.format("POST", path, headers, table.concat(parts, "&"))
end

function response(status, headers, body)
  local id = status == 200 and string.match(body, '"stored": %["([%x-]+)"%]')
  if id then
    file:write(id, "\n")
  else
    file:write("! ", status, "\n")
  end
end
